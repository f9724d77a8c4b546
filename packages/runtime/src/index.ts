export { type Clock, systemClock } from './clock.ts';
export {
  conditionOf,
  readyCondition,
  reconcilingCondition,
  type SetConditionsOptions,
  type Standing,
  setConditions,
  stalledCondition,
  standardConditions,
  type WantedCondition,
} from './conditions.ts';
export { type Controller, controller } from './controller/controller.ts';
export type { EventSource } from './controller/event-source.ts';
export {
  type ChildAction,
  type ChildOutcome,
  type Contest,
  changedAnything,
  type Failure,
  type Outcome,
} from './controller/outcome.ts';
export { childName, type Desired, type LiveReader, type Plan, type Step, type Waiting } from './controller/plan.ts';
export {
  type CacheReader,
  type ControllerOptions,
  type Finalize,
  type Finalized,
  type FinalizePass,
  type OwnedKind,
  optional,
  owned,
  ownedWithStatus,
  type Pass,
  type PrimaryKind,
  type Reconciler,
  type Report,
  type Resource,
  type Result,
  type StatusOf,
} from './controller/reconciler.ts';
export {
  type MappedKind,
  mapped,
  type ReferencedKind,
  type ReferenceOptions,
  type ResourceReader,
  referenced,
  type WatchDeclaration,
  type WatchedKind,
  type WatchOptions,
} from './controller/watched-kind.ts';
export { type Millis, millis, minutes, seconds } from './duration.ts';
export { isTransient, TerminalError } from './errors.ts';
export type { EventDraft } from './events/recorder.ts';
export { addFinalizer, removeFinalizer } from './finalizer.ts';
export { createLogger, type Logger } from './log.ts';
export { Manager, type ManagerOptions } from './manager.ts';
export type { PassRecord } from './observe/pass-record.ts';
export { type AsApplied, asApplied, type FieldViolation } from './preview/as-applied.ts';
export type { PodEffect } from './preview/pod-effect.ts';
export {
  type Preview,
  type PreviewAction,
  type PreviewedChild,
  type PreviewOptions,
  preview,
} from './preview/preview.ts';
export type { Basis } from './preview/rehearsal-client.ts';
export { rbacRulesOf } from './rbac.ts';
export { type PodTrouble, podsTrouble } from './rollout/pod-trouble.ts';
export { rolledOut } from './rollout/rolled-out.ts';
export { type ReplicaCounts, type Rollout, type RolloutOptions, rolloutOf } from './rollout/rollout.ts';
export type { ManagerContext, Runnable, RunnableFactory } from './runnable.ts';
