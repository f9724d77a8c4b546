import type { Node } from '@capstan/kube';
import type { Observation } from '../finding.ts';
import { type KubeVersion, minorsAhead, parseKubeVersion } from '../kube-version.ts';
import { notWhole, whenSeen } from '../read.ts';
import type { Survey } from '../survey.ts';

/** A kubelet may be so many minor versions behind the API server: https://kubernetes.io/releases/version-skew-policy/ */
const maxBehind = 3;
/** Nodes told by name, at most. */
const maxTold = 3;

/** Whether there are nodes, and their kubelets go with the API server. */
export function checkNodes({ nodes, version }: Pick<Survey, 'nodes' | 'version'>): readonly Observation[] {
  const server = version.seen ? parseKubeVersion(version.value) : undefined;
  return whenSeen(nodes, 'Nodes', (excerpt) => {
    const { items } = excerpt;
    if (items.length === 0) return [{ level: 'warning', where: 'Nodes', says: 'there are none: no pod can run' }];
    const odd = [...unready(items), ...(server === undefined ? [] : skewed(items, server))];
    const fine: Observation = {
      level: 'ok',
      where: 'Nodes',
      says: `${items.length} ready, their kubelets fit the API server`,
    };
    return [...(odd.length === 0 ? [fine] : odd), ...notWhole('Nodes', excerpt)];
  });
}

function unready(nodes: readonly Node[]): readonly Observation[] {
  const found = nodes.filter(
    ({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True',
  );
  if (found.length === 0) return [];
  return [
    { level: found.length === nodes.length ? 'problem' : 'warning', where: 'Nodes', says: `not ready: ${told(found)}` },
  ];
}

function skewed(nodes: readonly Node[], server: KubeVersion): readonly Observation[] {
  const aheadBy = (node: Node) => {
    const kubelet = parseKubeVersion(node.status?.nodeInfo?.kubeletVersion ?? '');
    return kubelet === undefined ? 0 : minorsAhead(kubelet, server);
  };
  const ahead = nodes.filter((node) => aheadBy(node) > 0);
  const behind = nodes.filter((node) => aheadBy(node) < -maxBehind);
  const remedy = 'bring the kubelets to a version that Kubernetes supports with this API server';
  const of = (found: readonly Node[], how: string): readonly Observation[] =>
    found.length === 0
      ? []
      : [{ level: 'warning', where: 'Nodes', says: `kubelet ${how} the API server: ${told(found)}`, remedy }];
  return [...of(ahead, 'newer than'), ...of(behind, `more than ${maxBehind} minor versions behind`)];
}

function told(nodes: readonly Node[]): string {
  const names = nodes
    .slice(0, maxTold)
    .map(({ metadata, status }) => `${metadata.name} (${status?.nodeInfo?.kubeletVersion ?? 'unknown'})`);
  const more = nodes.length - maxTold;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
