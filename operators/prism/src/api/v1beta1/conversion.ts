import type { Converted, InputOf, StatusOf } from '@capstan/crd';
import type { FormerPrismPattern } from './former-version.ts';
import type { PrismPattern } from './prism-pattern.ts';
import { isPatternPhase } from './status.ts';

type Input = InputOf<typeof PrismPattern>['spec'];
type FormerInput = InputOf<typeof FormerPrismPattern>['spec'];
type Status = StatusOf<typeof PrismPattern>;
type FormerStatus = StatusOf<typeof FormerPrismPattern>;

/** From the shape before v1beta1. What has no place there, or could not be there, is left out. */
export function toHub({ spec, status }: FormerPrismPattern): Converted<Input, Status> {
  const { pattern, backend, image, replicas, resources, config, service, autoscaling, placement } = spec;
  return {
    spec: {
      type: pattern,
      ...(backend !== '' && { backends: [{ name: backend }] }),
      ...(image !== '' && { image }),
      replicas,
      ...(resources !== undefined && { resources }),
      ...(config !== undefined && { config }),
      ...(service !== undefined && service.port >= lowestPort && { port: service.port }),
      ...(autoscaling !== undefined && { autoscaling: autoscalingOf(autoscaling) }),
      ...(placement !== undefined && { placement: placementOf(placement) }),
    },
    ...(status !== undefined && { status: statusOf(status) }),
  };
}

/** Ports below need privileges, which no runner has. */
const lowestPort = 1024;

function autoscalingOf({
  targetCPUUtilizationPercentage: targetCPU,
  targetMemoryUtilizationPercentage: targetMemory,
  maxReplicas,
  ...same
}: NonNullable<FormerPrismPattern['spec']['autoscaling']>): NonNullable<Input['autoscaling']> {
  return {
    ...same,
    // Whoever switched it off may have left nothing but zeros.
    maxReplicas: Math.max(1, maxReplicas),
    ...(targetCPU !== undefined && { targetCPU }),
    ...(targetMemory !== undefined && { targetMemory }),
  };
}

const className = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

function placementOf({
  strategy: _ofNoEffect,
  priorityClassName,
  runtimeClassName,
  ...same
}: NonNullable<FormerPrismPattern['spec']['placement']>): NonNullable<Input['placement']> {
  return {
    ...same,
    ...(priorityClassName !== undefined && className.test(priorityClassName) && { priorityClassName }),
    ...(runtimeClassName !== undefined && className.test(runtimeClassName) && { runtimeClassName }),
  };
}

function statusOf({ phase, ...same }: FormerStatus): Status {
  return { ...same, ...(isPatternPhase(phase) && { phase }) };
}

/** To the shape before v1beta1, which has one backend, and texts alone in its configuration. */
export function fromHub({ spec, status }: PrismPattern): Converted<FormerInput, FormerStatus> {
  const { type, backends, image, replicas, resources, config, port, autoscaling, placement } = spec;
  return {
    spec: {
      pattern: type,
      backend: backends[0]?.name ?? '',
      image: image ?? '',
      replicas,
      resources,
      ...(config !== undefined && { config: textsOf(config) }),
      ...(port !== undefined && { service: { port } }),
      ...(autoscaling !== undefined && { autoscaling: formerAutoscalingOf(autoscaling) }),
      ...(placement !== undefined && { placement }),
    },
    ...(status !== undefined && { status: formerStatusOf(status) }),
  };
}

function textsOf(config: NonNullable<PrismPattern['spec']['config']>): Readonly<Record<string, string>> {
  const texts = Object.entries(config).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= 4096,
  );
  return Object.fromEntries(texts.slice(0, 256));
}

function formerAutoscalingOf({
  targetCPU,
  targetMemory,
  triggers,
  ...same
}: NonNullable<PrismPattern['spec']['autoscaling']>): NonNullable<FormerInput['autoscaling']> {
  return {
    ...same,
    ...(targetCPU !== undefined && { targetCPUUtilizationPercentage: targetCPU }),
    ...(targetMemory !== undefined && { targetMemoryUtilizationPercentage: targetMemory }),
    ...(triggers !== undefined && { triggers: triggers.map(formerTriggerOf) }),
  };
}

function formerTriggerOf({
  type,
  metadata,
  authenticationRef,
}: NonNullable<NonNullable<PrismPattern['spec']['autoscaling']>['triggers']>[number]) {
  return {
    type,
    metadata,
    ...(authenticationRef !== undefined && { authenticationRef: { name: authenticationRef.name } }),
  };
}

function formerStatusOf({ phase, replicas, availableReplicas, observedGeneration, conditions }: Status): FormerStatus {
  return {
    ...(phase !== undefined && { phase }),
    ...(replicas !== undefined && { replicas }),
    ...(availableReplicas !== undefined && { availableReplicas }),
    ...(observedGeneration !== undefined && { observedGeneration }),
    ...(conditions !== undefined && { conditions }),
  };
}
