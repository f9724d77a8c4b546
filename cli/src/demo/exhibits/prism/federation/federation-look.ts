import type { PrismFederation } from '@capstan/prism-operator';
import type { Look } from '../../../table.ts';
import { readyWord } from '../ready-word.ts';

/** A federation by its status: how many of its clusters are healthy, and how the traffic is divided among them. */
export function lookAtFederation(federation: PrismFederation | undefined): Look {
  const { clusters = [], healthyClusters = '-', conditions } = federation?.status ?? {};
  const weights = clusters.map(({ weight }) => weight).join(':');
  const shares = clusters.filter(({ weight }) => weight > 0).map(({ name, weight }) => `${weight} % to ${name}`);
  const traffic = shares.length === 0 ? 'no traffic yet' : shares.join(', ');
  return {
    state: readyWord(conditions),
    figures: [healthyClusters, weights === '' ? '-' : weights],
    inWords: `${healthyClusters === '-' ? 'none' : healthyClusters} healthy, ${traffic}`,
  };
}
