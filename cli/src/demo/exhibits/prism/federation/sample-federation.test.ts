import { PrismFederation } from '@capstan/prism-operator';
import { expect, it } from 'vitest';
import { memberNames, sampleFederation } from './sample-federation.ts';

it('the sample federation has the clusters of its file, at addresses that exist', async () => {
  const names = await memberNames();
  expect(names).toHaveLength(2);
  const at = (name: string) => ({ endpoint: `https://127.0.0.1:1/${name}`, secret: `federation-${name}` });
  const places = new Map(names.map((name) => [name, at(name)]));
  const { manifest } = await sampleFederation(places, { namespace: 'prism', name: 'prism-local' });
  expect(PrismFederation.validate(manifest)).toEqual([]);
  expect(manifest).toMatchObject({
    metadata: { namespace: 'prism' },
    spec: { clusters: names.map((name) => ({ name, endpoint: at(name).endpoint })) },
  });
});
