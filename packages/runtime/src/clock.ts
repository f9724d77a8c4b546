export type { Clock } from '@capstan/kube';
export { systemClock } from '@capstan/kube';
