export { type AuditedRequest, AuditLog, countByVerb, type RequestFilter, writeVerbs } from './audit-log.ts';
export { type EventuallyOptions, eventually, type NeverOptions, never } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export { installOperator, type OperatorAccount, type OperatorManifests } from './install-operator.ts';
export { applyManifests, readManifests, untilServed } from './manifests.ts';
export { Mirror, type MirrorChange, type MirrorOptions } from './mirror.ts';
