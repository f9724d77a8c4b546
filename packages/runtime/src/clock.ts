export type { Clock, Timer } from '@capstan/kube';
export { systemClock } from '@capstan/kube';
