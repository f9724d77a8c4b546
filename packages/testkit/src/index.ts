// Whoever tests by the testkit alone needs ports as well.
export { pickPort } from '@capstan/controlplane';
export { arbitraryResource, type DescribedKind } from './arbitrary-resource.ts';
export { type AuditedRequest, AuditLog, countByVerb, type RequestFilter, writeVerbs } from './audit-log.ts';
export {
  callDruid,
  type DruidAnswer,
  type DruidCall,
  type DruidTarget,
  jsonOf,
  type Login,
} from './druid/druid-call.ts';
export type { DruidPermission, DruidUsers } from './druid/druid-users.ts';
export type { ArmedDruidFault, DruidFault, DruidFaultRule, DruidMatch } from './druid/fake/druid-fault.ts';
export type { FakeSupervisor, SupervisorError, SupervisorReport } from './druid/fake/fake-supervisor.ts';
export type { FakeTask, TaskRegistry } from './druid/fake/task-registry.ts';
export {
  FakeDruid,
  type FakeDruidOptions,
  type SeenRequest,
} from './druid/fake-druid.ts';
export {
  type DruidAvailability,
  druidAvailability,
} from './druid/real/druid-availability.ts';
export { DruidError, type DruidErrorCode } from './druid/real/druid-error.ts';
export {
  type DruidOptions,
  type RealDruid,
  type RealKafka,
  startDruid,
} from './druid/real-druid.ts';
export { type EventuallyOptions, eventually, type NeverOptions, never } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export { type ApiRequest, apiRequestOf } from './faults/api-request.ts';
export type {
  ArmedFault,
  Fault,
  FaultRule,
  RefusalStatus,
  RequestFault,
  RequestMatch,
  WatchFault,
} from './faults/fault.ts';
export { FaultProxy, type FaultProxyOptions } from './faults/fault-proxy.ts';
export { TcpProxy } from './faults/tcp-proxy.ts';
export type { FrameHead, Happening, TraceEntry } from './faults/trace.ts';
export { installOperator, type OperatorAccount, type OperatorManifests } from './install-operator.ts';
export { applyManifests, readManifests, untilServed } from './manifests.ts';
export { Mirror, type MirrorChange, type MirrorOptions } from './mirror.ts';
export { comparePermissions, type PermissionDifference } from './permissions.ts';
export { LoadBalancer } from './process-node/load-balancer.ts';
export type { ProcessImage } from './process-node/pod-command.ts';
export type { PodProcess } from './process-node/pod-process.ts';
export { ProcessNode, type ProcessNodeOptions } from './process-node/process-node.ts';
export { type ConvertibleKind, type RoundTripOptions, roundTrips } from './round-trips.ts';
export { BrokerStandIns } from './stand-ins/broker-stand-ins.ts';
export type { ClusterStandIn, TopicMetadata } from './stand-ins/cluster-stand-in.ts';
export type { BrokerBehaviour, PodStandIn } from './stand-ins/pod-stand-in.ts';
export type { Tenant, TenantQuotas, TenantRegistry } from './stand-ins/tenant-registry.ts';
export { type InstallableKind, installKinds } from './world/install-kinds.ts';
export type { Program } from './world/operator-as-process.ts';
export {
  connectionWith,
  createIdentity,
  type IdentityOptions,
  type OperatorIdentity,
} from './world/operator-identity.ts';
export type { LogLine } from './world/operator-under-test.ts';
export type { PlaneAccess } from './world/plane-access.ts';
export type { PodBehaviour } from './world/pod-behaviour.ts';
export {
  openWorld,
  type SeenEvent,
  type SettledOptions,
  type Wanted,
  type World,
  type WorldOptions,
} from './world/world.ts';
