import type { Draft } from '@capstan/kube';
import {
  networkPolicy,
  type ScaledObject,
  scaledObject,
  type TriggerAuthentication,
  triggerAuthentication,
} from '@capstan/resources';
import type { StepObject } from '@capstan/runtime';
import type { Autoscaling } from '../../api/v1beta1/prism-pattern.ts';
import { clientPorts } from '../../backends/connection.ts';
import { selectorLabels } from '../../labels.ts';
import { shortened } from '../../names.ts';
import { type AskedBackend, completeTriggers } from './complete-triggers.ts';
import { scalingMetadata, type Target, workloadOf } from './target.ts';

/** What KEDA needs to scale a pattern. */
export interface KedaObjects {
  /** Credentials, and the way to the backends that it asks; to be there first. */
  readonly surroundings: readonly StepObject[];
  readonly scaledObject: Draft<ScaledObject>;
  /** What it could not ask; where there is any, nothing is made. */
  readonly missing: readonly string[];
}

/** The objects by which KEDA scales a pattern. */
export function kedaObjects(target: Target, autoscaling: Autoscaling): KedaObjects {
  const { triggers, asked, missing } = completeTriggers(autoscaling, target.cluster, (backend) =>
    objectName(target, backend),
  );
  const used = new Set(triggers.flatMap(({ authenticationRef }) => authenticationRef?.name ?? []));
  return {
    surroundings: [
      ...oncePerBackend(asked).flatMap((each) => authentication(target, each, used)),
      ...oncePerBackend(asked).flatMap((each) => wayIn(target, each)),
    ],
    scaledObject: scaled(target, autoscaling, triggers),
    missing,
  };
}

function objectName(target: Target, backend: string): string {
  return shortened(`${workloadOf(target).name}-${backend}`, 63);
}

function oncePerBackend(asked: readonly AskedBackend[]): readonly AskedBackend[] {
  return asked.filter(({ trigger }, index) => asked.findIndex((each) => each.trigger.kind === trigger.kind) === index);
}

/** By reference: the Secret is that of the cluster, and KEDA reads it where it is. */
function authentication(
  target: Target,
  { trigger: { kind, login }, connection: { secretName } }: AskedBackend,
  used: ReadonlySet<string>,
): readonly Draft<TriggerAuthentication>[] {
  const name = objectName(target, kind);
  if (secretName === undefined || !used.has(name)) return [];
  const secretTargetRef = Object.entries(login).map(([parameter, key]) => ({ parameter, name: secretName, key }));
  return [triggerAuthentication(scalingMetadata(target, name), { secretTargetRef })];
}

/** Where KEDA runs unless somebody installed it elsewhere, who then has to let it in by a policy of their own. */
const kedaNamespace = { matchLabels: { 'kubernetes.io/metadata.name': 'keda' } };

/** KEDA itself asks, from its own namespace; the policies around the backends let in the pods of the cluster alone. */
function wayIn({ pattern, cluster }: Target, { trigger, connection }: AskedBackend): readonly StepObject[] {
  if (!cluster.spec.networkPolicy.enabled || connection.isExternal) return [];
  const { kind, port = clientPorts[kind] } = trigger;
  const target = { pattern, cluster };
  return [
    networkPolicy(scalingMetadata(target, objectName(target, `keda-${kind}`)), {
      pods: selectorLabels(cluster, kind),
      ingress: [
        {
          from: [{ namespaceSelector: kedaNamespace, podSelector: { matchLabels: { app: 'keda-operator' } } }],
          ports: [{ port, protocol: 'TCP' }],
        },
      ],
    }),
  ];
}

function scaled(
  target: Target,
  { minReplicas, maxReplicas, behavior, pollingInterval, cooldownPeriod }: Autoscaling,
  triggers: ReturnType<typeof completeTriggers>['triggers'],
): Draft<ScaledObject> {
  return scaledObject(scalingMetadata(target), {
    scaleTargetRef: workloadOf(target),
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    ...(pollingInterval !== undefined && { pollingInterval }),
    ...(cooldownPeriod !== undefined && { cooldownPeriod }),
    triggers,
    ...(behavior !== undefined && { advanced: { horizontalPodAutoscalerConfig: { behavior } } }),
  });
}
