import { stat } from 'node:fs/promises';
import { readManifests } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { shippedOperator } from '../repository.ts';
import { exhibitsFor } from './exhibits.ts';

const every = await exhibitsFor({ druid: 'asked' });
const kindsOf = (exhibits: typeof every) => exhibits.map(({ kind }) => kind.kind);
const withoutDruid = ['StreamBusCluster', 'PrismCluster', 'PrismPattern', 'PrismNamespace', 'PrismFederation'];

describe('the exhibits', () => {
  it('are every kind there is, unless Druid is to be left out', async () => {
    expect(kindsOf(every)).toEqual([...withoutDruid, 'DruidIngestion']);
    expect(kindsOf(await exhibitsFor({ druid: 'if-there' }))).toEqual([...withoutDruid, 'DruidIngestion']);
    expect(kindsOf(await exhibitsFor({ druid: 'left-out' }))).toEqual(withoutDruid);
  });

  it('make nobody wait for a Druid or a second cluster, and end the demo where a Druid that was asked for cannot be', async () => {
    expect(kindsOf(every.filter(({ comesLater }) => comesLater === true))).toEqual([
      'PrismFederation',
      'DruidIngestion',
    ]);
    const asked = async (druid: 'asked' | 'if-there') =>
      kindsOf((await exhibitsFor({ druid })).filter(({ isAskedFor }) => isAskedFor === true));
    expect([await asked('asked'), await asked('if-there')]).toEqual([['DruidIngestion'], []]);
  });

  it.each(every.map((exhibit) => [exhibit.kind.kind, exhibit] as const))(
    'of %s have their operator, its CRD and its permissions in the repository',
    async (_, { operator, kind }) => {
      const { program, manifests } = shippedOperator(operator.system);
      expect((await stat(program)).isFile()).toBe(true);
      const objects = await readManifests(manifests);
      const crds = objects.filter((object) => object.kind === 'CustomResourceDefinition');
      expect(crds.map(({ metadata }) => metadata.name)).toContain(`${kind.plural}.${kind.group}`);
      expect(objects.map((object) => object.kind)).toEqual(
        expect.arrayContaining(['ServiceAccount', 'ClusterRoleBinding']),
      );
    },
  );

  it.each(every.map((exhibit) => [exhibit.kind.kind, exhibit] as const))(
    'of %s name a resource and its namespace in what there is to try on it',
    (_, exhibit) => {
      const commands = exhibit.commands({ namespace: 'shop', name: 'orders' });
      for (const { line } of commands) expect(line).toContain('orders -n shop');
    },
  );

  it('have things to try that change something, foretell it, and tell why it was', () => {
    const lines = every
      .flatMap((exhibit) => exhibit.commands({ namespace: 'shop', name: 'orders' }))
      .map(({ line }) => line);
    expect(lines.join('\n')).toMatch(/kubectl delete.*capstan plan.*capstan explain.*kubectl patch/s);
  });
});
