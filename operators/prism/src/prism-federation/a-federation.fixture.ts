import { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import type { Decision } from './decision/decision.ts';
import { rulesOf } from './rules.ts';

type Spec = Parameters<typeof PrismFederation.withDefaults>[0]['spec'];

/** A federation `global` of east and west, as the API server would return it, with what a test cares about over it. */
export function aFederation(spec: Partial<Spec> = {}, status?: PrismFederation['status']): PrismFederation {
  const clusters = ['east', 'west'].map((name) => ({ name, endpoint: `https://${name}.example` }));
  const made = PrismFederation.withDefaults({
    metadata: { namespace: 'shop', name: 'global', uid: 'the-uid', generation: 1 },
    spec: { clusters, ...spec },
  });
  return { ...made, ...(status !== undefined && { status }) };
}

/** A decision that gives these weights, with every other cluster in. */
export function aDecision(
  federation: PrismFederation,
  weights: Decision['weights'],
  more: Partial<Decision> = {},
): Decision {
  const { hold: since, members } = rulesOf(federation);
  const standings = members.map(({ name }) => [name, { is: 'In', since, displaced: false }] as const);
  return {
    basis: 'Following',
    weights,
    withdrawn: false,
    standings: Object.fromEntries(standings),
    since,
    begun: since,
    ...more,
  };
}
