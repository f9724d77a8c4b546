import type { Pass, Reconciler } from '@capstan/runtime';
import type { Correspondence } from '../admin/control-plane/correspondence.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { planChildren } from './children/plan.ts';
import { eventsOf } from './events.ts';
import type { Findings } from './findings.ts';
import type { NeighbourNews } from './neighbour-news.ts';
import { observe } from './observe.ts';
import { specMustBeSound } from './spec-must-be-sound.ts';
import { statusOf } from './status.ts';
import { talkOf } from './talk.ts';

export interface NamespaceReconcilerOptions {
  readonly correspondence: Pick<Correspondence, 'ask' | 'forget'>;
  readonly neighbours: Pick<NeighbourNews, 'came'>;
}

/** Drives one namespace towards its spec: read, judge, have prism-admin told, apply, report. It never waits for prism-admin. */
export function namespaceReconciler(options: NamespaceReconcilerOptions): Reconciler<PrismNamespace> {
  return async (resource, pass) => {
    const namespace = withDefaults(resource);
    options.neighbours.came(namespace, pass.cache);
    const findings = await findingsOf(namespace, pass, options);
    const status = statusOf(namespace, findings, pass.now);
    const again = retryAfterMs(findings);
    return pass.report({
      ...{ status, events: eventsOf(namespace.status, status) },
      ...(again !== undefined && { recheckAfterMs: again }),
    });
  };
}

/** A CRD that was replaced by hand may have lost the defaults; what is below relies on them. */
function withDefaults(resource: PrismNamespace): PrismNamespace {
  return {
    ...PrismNamespace.withDefaults(resource),
    ...(resource.status !== undefined && { status: resource.status }),
  };
}

async function findingsOf(
  namespace: PrismNamespace,
  pass: Pass<PrismNamespace>,
  { correspondence }: NamespaceReconcilerOptions,
): Promise<Findings> {
  const refusal = specMustBeSound(namespace);
  if (refusal !== undefined) return { kind: 'Refused', refusal };
  const observed = observe(namespace, pass.cache);
  const { sight } = observed;
  // What was made for it stays: the cluster may come back.
  if (sight.kind === 'Absent') return { kind: 'WithoutCluster', sight };
  const talk = talkOf(namespace, sight, { correspondence, isRehearsal: pass.isRehearsal });
  const outcome = await pass.apply(planChildren(namespace, sight.cluster, observed));
  return { kind: 'Worked', observed, sight, talk, outcome };
}

function retryAfterMs(findings: Findings): number | undefined {
  if (findings.kind !== 'Worked') return undefined;
  const { reply } = findings.talk;
  return reply?.kind === 'Answered' ? reply.retryAfterMs : undefined;
}
