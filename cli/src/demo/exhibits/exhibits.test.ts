import { stat } from 'node:fs/promises';
import { readManifests } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { operatorOf } from '../staged-exhibit.ts';
import { exhibitsFor } from './exhibits.ts';

const every = await exhibitsFor({ druid: true });

describe('the exhibits', () => {
  it('are the clusters alone, unless more is wished for', async () => {
    expect((await exhibitsFor({ druid: false })).map(({ kind }) => kind.kind)).toEqual([
      'StreamBusCluster',
      'PrismCluster',
    ]);
    expect(every.map(({ kind }) => kind.kind)).toEqual(['StreamBusCluster', 'PrismCluster', 'DruidIngestion']);
  });

  it.each(every.map((exhibit) => [exhibit.system, exhibit] as const))(
    'of %s have their operator, its CRD and its permissions in the repository',
    async (_, exhibit) => {
      const { program, manifests } = operatorOf(exhibit);
      expect((await stat(program)).isFile()).toBe(true);
      const objects = await readManifests(manifests);
      const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
      expect(crds.map(({ metadata }) => metadata.name)).toContain(`${exhibit.kind.plural}.${exhibit.kind.group}`);
      expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ServiceAccount', 'ClusterRoleBinding']));
    },
  );

  it.each(every.map((exhibit) => [exhibit.system, exhibit] as const))(
    'of %s have a command for whoever has no resource, and more for one',
    (_, exhibit) => {
      const [general, ...special] = [undefined, { namespace: 'default', name: 'orders' }].map((ref) =>
        exhibit.commands(ref).flatMap(({ lines }) => lines),
      );
      expect(general?.join()).toMatch(/^kubectl get \S+ -A -o wide$/);
      expect(special.join()).toContain('orders -n default');
    },
  );
});
