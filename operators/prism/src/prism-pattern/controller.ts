import {
  Deployment,
  HorizontalPodAutoscaler,
  type KubeObject,
  NetworkPolicy,
  type ObjectRef,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { ScaledObject, TriggerAuthentication } from '@capstan/resources';
import {
  type CallRule,
  type Controller,
  controller,
  mapped,
  optional,
  owned,
  ownedWithStatus,
  type ResourceReader,
} from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { managedBy, partLabel } from '../labels.ts';
import { runnerName } from '../names.ts';
import { componentLabel } from '../pods/watched-pods.ts';
import { originalKinds, originalSelector, patternOfOriginal } from './former/original-objects.ts';
import { patternReconciler } from './reconciler.ts';

export interface PatternControllerOptions {
  /** Patterns worked on at the same time; the runtime's default unless told. */
  readonly concurrency?: number;
}

/** Finds what runs patterns among all workloads of a Kubernetes cluster; the API server sends no others. */
const workloadSelector = `app.kubernetes.io/managed-by=${managedBy},${partLabel}=pattern`;

/** What the original operator made is deleted, and is no child of ours: it was never applied here. */
const retirementCalls: readonly CallRule[] = originalKinds.map(({ group, plural }) => ({
  apiGroups: [group],
  resources: [plural],
  verbs: ['delete'],
}));

/**
 * The controller of patterns that are resources of their own. It owns what scales them; what runs them is owned by their cluster, and
 * read back.
 */
export function patternController({ concurrency }: PatternControllerOptions = {}): Controller {
  return controller(PrismPattern, {
    name: 'prism-patterns',
    owns: [
      ownedWithStatus(HorizontalPodAutoscaler),
      owned(NetworkPolicy),
      optional(ownedWithStatus(ScaledObject)),
      optional(owned(TriggerAuthentication)),
    ],
    watches: [
      mapped<PrismPattern, PrismCluster>(PrismCluster, patternsOfNamespace, { mode: 'full' }),
      ...[Deployment, StatefulSet].map((type) =>
        mapped<PrismPattern>(type, patternOfWorkload, { mode: 'full', labelSelector: workloadSelector }),
      ),
      // By their labels, for of whole kinds the cache would hold something of each object there is.
      mapped<PrismPattern>(Deployment, patternOfOriginal, { mode: 'full', labelSelector: originalSelector }),
      mapped<PrismPattern>(Service, patternOfOriginal, { labelSelector: originalSelector }),
    ],
    calls: retirementCalls,
    reconcile: patternReconciler(),
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** Any of them may belong to a cluster that came or went. */
function patternsOfNamespace({ metadata }: KubeObject, patterns: ResourceReader<PrismPattern>): readonly ObjectRef[] {
  return patterns.list({ namespace: metadata.namespace }).map((pattern) => pattern.metadata);
}

function patternOfWorkload({ metadata: { namespace, labels } }: KubeObject): readonly ObjectRef[] {
  const component = labels?.[componentLabel] ?? '';
  const suffix = runnerName('');
  return component.endsWith(suffix) ? [{ namespace, name: component.slice(0, -suffix.length) }] : [];
}

/** The controller of patterns, as it is unless told otherwise. */
export const prismPatterns: Controller = patternController();
