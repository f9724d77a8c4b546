import type { PrismCluster } from '@capstan/prism-operator';

/** What keeps a cluster from being as its spec says, as sentences for people; none when nothing does. Pure. */
export function holdUpsOf(cluster: PrismCluster): readonly string[] {
  return [...deletion(cluster), ...unseen(cluster), ...conditions(cluster)];
}

function deletion({ metadata: { deletionTimestamp, finalizers = [] } }: PrismCluster): readonly string[] {
  if (deletionTimestamp === undefined) return [];
  const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
  return [`It is being deleted since ${deletionTimestamp}${held}.`];
}

function unseen({ metadata: { generation }, status }: PrismCluster): readonly string[] {
  const seen = status?.observedGeneration;
  if (generation === undefined || seen === generation) return [];
  const what =
    seen === undefined
      ? 'The operator has not looked at it yet'
      : 'The operator has not carried out the last change yet';
  return [`${what}: if that stays so, see that prism-operator runs and works in this namespace.`];
}

function conditions({ status }: PrismCluster): readonly string[] {
  const all = status?.conditions ?? [];
  const ready = all.filter(({ type, status: is }) => type === 'Ready' && is !== 'True');
  const others = all.filter(({ type, status: is }) => ['Paused', 'DriftContested'].includes(type) && is === 'True');
  return [...ready, ...others].map(({ reason, message }) => `${reason}: ${message}`);
}
