import { PrismNamespace, prismNamespaces } from '@capstan/prism-operator';
import { needsNothing } from '../../../needs.ts';
import { readSamples } from '../../../samples.ts';
import type { Look } from '../../../table.ts';
import { verdictOf } from '../../../verdict.ts';
import type { Exhibit } from '../../exhibit.ts';
import type { PrismOperator } from '../prism-operator.ts';
import { readyWord } from '../ready-word.ts';
import { actOnNamespace } from './namespace-acts.ts';

/** A namespace of Prism, which prism-admin is told of. */
export function namespaceExhibit(operator: PrismOperator): Exhibit<PrismNamespace> {
  return {
    operator,
    kind: PrismNamespace,
    controller: prismNamespaces,
    headings: { resource: 'PRISM NAMESPACE', state: 'STATE', figures: ['PARTITION'] },
    verdict: (namespace) => verdictOf(namespace),
    commands: () => [],
    open: async () => ({
      samples: await readSamples(PrismNamespace, ['prism/prism-namespace.yaml'], () => needsNothing),
      look: lookAt,
      act: (scene) => actOnNamespace(scene, (name) => operator.knownNamespace(name)),
    }),
  };
}

function lookAt(namespace: PrismNamespace | undefined): Look {
  const { admin, conditions } = namespace?.status ?? {};
  const partition = admin === undefined ? '-' : String(admin.partition);
  const inWords = admin === undefined ? 'prism-admin does not know it' : `in partition ${partition}`;
  return { state: readyWord(conditions), figures: [partition], inWords };
}
