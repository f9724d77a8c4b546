/**
 * What the operator knows of the gRPC API of prism-admin: enough to create namespaces and to read them back. Numbers and types are
 * those that prism-admin has on the wire, at the state of October 2025; names of messages are not on the wire.
 */
export const controlPlaneProto = `
syntax = "proto3";
package prism;

message RegisterProxyRequest {
  string proxy_id = 1;
  string address = 2;
  string region = 3;
  string version = 4;
  repeated string capabilities = 5;
  map<string, string> metadata = 6;
}

message RegisterProxyResponse {
  bool success = 1;
  string message = 2;
  repeated NamespaceAssignment initial_namespaces = 3;
  repeated PartitionRange partition_ranges = 4;
}

message NamespaceAssignment {
  string namespace = 1;
  int32 partition_id = 2;
  NamespaceConfig config = 3;
  string version = 4;
}

message PartitionRange {
  int32 start = 1;
  int32 end = 2;
}

message CreateNamespaceRequest {
  string namespace = 1;
  string requesting_proxy = 2;
  NamespaceConfig config = 3;
  string principal = 4;
}

message CreateNamespaceResponse {
  bool success = 1;
  string message = 2;
  int32 assigned_partition = 3;
  string assigned_proxy = 4;
}

message NamespaceConfig {
  map<string, PatternConfig> patterns = 2;
  map<string, string> metadata = 4;
}

message PatternConfig {
  string pattern_name = 1;
}
`;
