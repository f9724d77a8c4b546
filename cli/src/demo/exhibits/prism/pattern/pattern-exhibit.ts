import { PrismPattern, prismPatterns } from '@capstan/prism-operator';
import { needsNothing } from '../../../needs.ts';
import { readSamples } from '../../../samples.ts';
import type { Look } from '../../../table.ts';
import { verdictOf } from '../../../verdict.ts';
import type { Exhibit, ShownOperator } from '../../exhibit.ts';
import { sampleCluster } from '../prism-operator.ts';

/** A pattern that is a resource of its own, beside those in the spec of its cluster. */
export function patternExhibit(operator: ShownOperator): Exhibit<PrismPattern> {
  return {
    operator,
    kind: PrismPattern,
    controller: prismPatterns,
    headings: { resource: 'PRISM PATTERN', state: 'PHASE', figures: ['PODS'] },
    verdict: (pattern) => verdictOf(pattern),
    commands: () => [],
    open: async () => ({
      samples: await readSamples(
        PrismPattern,
        ['prism/prism-pattern.yaml'],
        () => needsNothing,
        sampleCluster.namespace,
      ),
      look: lookAt,
    }),
  };
}

function lookAt(pattern: PrismPattern | undefined): Look {
  const { phase = '', availableReplicas = 0, replicas = 0 } = pattern?.status ?? {};
  const pods = `${availableReplicas}/${replicas}`;
  return { state: phase, figures: [pods], inWords: `${pods} pods available` };
}
