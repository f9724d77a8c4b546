import type { ObjectRef } from '@capstan/kube';
import type { Command } from '../exhibit.ts';

/** What to try with clusters. */
export function clusterCommands(cluster: ObjectRef | undefined): readonly Command[] {
  const all = { why: 'every cluster, with the reason of its state', lines: ['kubectl get sbc -A -o wide'] };
  if (cluster === undefined) return [all];
  const { namespace, name } = cluster;
  const preview = [
    `kubectl get sbc ${name} -n ${namespace} -o yaml | sed 's/tag: .*/tag: v0.6.1/' | capstan plan -f -`,
  ];
  const roll = [
    `kubectl patch sbc ${name} -n ${namespace} --type merge \\`,
    `  -p '{"spec":{"image":{"tag":"v0.6.1"}}}'`,
  ];
  const repair = [`kubectl delete service ${name} -n ${namespace}`, `kubectl get service ${name} -n ${namespace}`];
  return [
    all,
    { why: 'what a new image would do, before it does it', lines: preview },
    { why: 'a new image: the brokers roll', lines: roll },
    { why: 'a child deleted by hand: it is back before you look', lines: repair },
    { why: 'why the operator did what it did', lines: [`capstan explain sbc/${name} -n ${namespace}`] },
  ];
}
