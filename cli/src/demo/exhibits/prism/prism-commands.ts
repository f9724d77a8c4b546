import type { ObjectRef } from '@capstan/kube';
import type { Command } from '../exhibit.ts';

/** What to try with Prism clusters. */
export function prismCommands(cluster: ObjectRef | undefined): readonly Command[] {
  const all = { why: 'every Prism cluster, with the reason of its state', lines: ['kubectl get prism -A -o wide'] };
  if (cluster === undefined) return [all];
  const { namespace, name } = cluster;
  const patch = [
    `kubectl patch prism ${name} -n ${namespace} --type json \\`,
    `  -p '[{"op":"replace","path":"/spec/proxy/autoscaling/maxReplicas","value":20}]'`,
  ];
  return [
    all,
    { why: 'each part, and why one is not ready', lines: [`kubectl get prism ${name} -n ${namespace} -o yaml`] },
    { why: 'more proxies when they are needed: the autoscaler follows at once', lines: patch },
    { why: 'why the operator did what it did', lines: [`capstan explain prism/${name} -n ${namespace}`] },
  ];
}
