import type { ObjectRef } from '@capstan/kube';
import type { Command } from '../exhibit.ts';

/** What to try with a cluster. */
export function clusterCommands({ namespace, name }: ObjectRef): readonly Command[] {
  return [
    {
      why: 'a child deleted by hand is back before you look',
      line: `kubectl delete service ${name} -n ${namespace}; kubectl get service -n ${namespace}`,
    },
    {
      why: 'what a new image would do, before it does it',
      line: `kubectl get sbc ${name} -n ${namespace} -o yaml | sed 's/tag: .*/tag: v0.6.2/' | capstan plan -f -`,
    },
  ];
}
