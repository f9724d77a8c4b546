/**
 * Changes exactly when something changes that a pod has read at its start, and so rolls the pods. The Secret of a pattern bears it as
 * well.
 */
export const configHashAnnotation = 'prism.io/config-hash';

/** Another value of it rolls the pods of a pattern once; which outage of NATS it was for. */
export const restartedForAnnotation = 'prism.io/restarted-for';
