/**
 * Changes exactly when something changes that a pod has read at its start, and so rolls the pods. The Secret of a pattern bears it as
 * well.
 */
export const configHashAnnotation = 'prism.io/config-hash';

/** Another value of it rolls the pods of a pattern once; which outage of NATS it was for. */
export const restartedForAnnotation = 'prism.io/restarted-for';

/**
 * On a cluster, by its owner: the server knows the login that is in this version of its Secret by now, such as `postgres.81723`. For
 * a server that takes a login at its first start only.
 */
export const loginChangedAnnotation = 'prism.io/login-changed';

/** On a resource of Prism, by a person, with `true`: nothing is done about it until it is taken off. */
export const pausedAnnotation = 'prism.io/paused';

/** A person's consent to have prism-admin bootstrapped anew, for exactly one change of the number of its members: `1->3`. */
export const rebootstrapAdminAnnotation = 'prism.io/rebootstrap-admin';

/**
 * On a workload: the number of pods is an autoscaler's by now. It comes and goes with it, so that the workload is another one, and is
 * applied, even where the number of the spec is the same before and after.
 */
export const autoscaledAnnotation = 'prism.io/autoscaled';

/** On a workload that comes of a PrismPattern: the generation of that which it was last made to match. */
export const patternGenerationAnnotation = 'prism.io/pattern-generation';

/** On an object that was made by somebody else and taken over: `true` while it is kept as it is. */
export const keptAnnotation = 'prism.io/kept';

/** On a Service, an Ingress or an autoscaler that was made by somebody else and taken over: it stays when the spec names it no more. */
export const adoptedAnnotation = 'prism.io/adopted';
