/** The media types that the API server speaks (https://kubernetes.io/docs/reference/using-api/api-concepts/). */
export const JSON_TYPE = 'application/json';
/** Server-side apply. The body may be JSON, which is YAML too. */
export const APPLY_TYPE = 'application/apply-patch+yaml';

export const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** One object, or each object of a watch, reduced to its metadata. */
export const PARTIAL_OBJECT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
/** A list whose items are reduced to their metadata. */
export const PARTIAL_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** Every group, version and resource in one answer; the last one is what servers before 1.26 give. */
export const AGGREGATED_DISCOVERY = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  JSON_TYPE,
].join(',');
