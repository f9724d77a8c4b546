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
export { AnswerWatch, type AnswerWatchOptions, type Heard } from './controller/answer-watch.ts';
export { autoscalerCalls } from './controller/autoscaler.ts';
export { type Child, type ChildOptions, child, type OnImmutable } from './controller/child.ts';
export { type Controller, controller } from './controller/controller.ts';
export type { EventSource } from './controller/event-source.ts';
export { growClaimsCalls } from './controller/grow-claims.ts';
export {
  type ChildAction,
  type ChildOutcome,
  type Contest,
  changedAnything,
  contestText,
  type Failure,
  type Outcome,
  type StepWaiting,
} from './controller/outcome.ts';
export {
  childName,
  type Desired,
  desiredOf,
  type LiveReader,
  type Plan,
  type Step,
  type StepObject,
  type Waiting,
} from './controller/plan.ts';
export {
  type CacheReader,
  type CallRule,
  type ControllerOptions,
  type Finalize,
  type Finalized,
  type FinalizePass,
  formerly,
  type ListedObjects,
  type OwnedKind,
  optional,
  owned,
  ownedWithStatus,
  type Pass,
  type PrimaryKind,
  type Reconciler,
  type Removal,
  type Report,
  type Resource,
  type Result,
  type StatusOf,
} from './controller/reconciler.ts';
export {
  type MappedKind,
  type MappingOptions,
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
export { helmReleaseOf } from './helm-release.ts';
export { NotLeading } from './leader/fenced-client.ts';
export { type Election, type Fence, LeadershipLost, type Tenure } from './leader/leadership.ts';
export { type LeaseElectionOptions, leaseElection } from './leader/lease-election.ts';
export { leaseElectionRules, rivalRules } from './leader/lease-rules.ts';
export type { LeaseTerms } from './leader/lease-terms.ts';
export type { Rival } from './leader/rival.ts';
export { createLogger, type Logger, type LogLevel } from './log.ts';
export { Manager, type ManagerOptions } from './manager.ts';
export { type HealthCheck, type HealthServerOptions, healthServer } from './observe/health-server.ts';
export { toggleDebugOnSignal } from './observe/log-level.ts';
export type { Meter, MetricSet, Prometheus } from './observe/metrics/meter.ts';
export type { BuildInfo } from './observe/metrics/process-metrics.ts';
export { reconcileResultOf } from './observe/metrics/reconcile-metrics.ts';
export {
  debugReaderRules,
  type ListeningRunnable,
  type MetricsServerOptions,
  metricsReaderRules,
  metricsServer,
} from './observe/metrics-server.ts';
export type { HistorySummary, ObjectHistory, ReconciledObject } from './observe/pass-history.ts';
export type { PassRecord, RemovalRecord } from './observe/pass-record.ts';
export { tokenAuthenticationRules } from './observe/serving/authentication.ts';
export type { TlsOptions } from './observe/serving/serving-certificate.ts';
export { type TraceExporterOptions, traceExporter } from './observe/trace-exporter.ts';
export type { OperatorFlags } from './operator/operator-flags.ts';
export { type OperatorProgram, runOperator } from './operator/run-operator.ts';
export { uninstall } from './operator/uninstall/uninstall.ts';
export type {
  Undone,
  UninstalledController,
  UninstalledOperator,
  UninstallOptions,
} from './operator/uninstall/uninstall-options.ts';
export { type UninstallRules, uninstallRules } from './operator/uninstall/uninstall-rules.ts';
export { type AsApplied, asApplied, type FieldViolation } from './preview/as-applied.ts';
export type { PodEffect } from './preview/pod-effect.ts';
export { presentable, shownWhole } from './preview/presentable.ts';
export {
  type Preview,
  type PreviewAction,
  type PreviewedChild,
  type PreviewOptions,
  preview,
} from './preview/preview.ts';
export type { Basis } from './preview/rehearsal-client.ts';
export { Snapshots } from './preview/snapshots.ts';
export {
  type Declaration,
  type NamespacedRules,
  namespacedRulesOf,
  type RbacOptions,
  rbacOf,
  rbacRulesOf,
} from './rbac.ts';
export { type PodTrouble, podsTrouble } from './rollout/pod-trouble.ts';
export { rolledOut } from './rollout/rolled-out.ts';
export { type ReplicaCounts, type Rollout, type RolloutOptions, rolloutOf } from './rollout/rollout.ts';
export type { ManagerContext, Runnable, RunnableFactory } from './runnable.ts';
export { standingOf } from './standing.ts';
export type { AdmissionRequest, AdmissionViolation } from './webhook/admission-review.ts';
export type { WebhookAddress } from './webhook/configuration-target.ts';
export { mutating } from './webhook/mutating.ts';
export {
  type CheckedKind,
  type Judge,
  type Judgement,
  type ValidatingOptions,
  validating,
} from './webhook/validating.ts';
export {
  type AdmissionWebhook,
  type ConversionWebhook,
  type ConvertibleKind,
  converting,
  type Webhook,
} from './webhook/webhook.ts';
export { webhookServiceName } from './webhook/webhook-names.ts';
export {
  type WebhookRules,
  type WebhooksOptions,
  type WebhooksParts,
  webhookRules,
  webhookService,
  webhooksFor,
} from './webhook/webhooks.ts';
