import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../api.ts';
import { node, sampleOverview } from '../sample-data.fixture.ts';
import { descendants } from './health.js';
import { objectPath } from './route.js';
import { keyOf, keysAbove, pathTo, rowsOf } from './tree-rows.js';

const everything = { filter: '', healths: [], toggled: new Map<string, boolean>() };
const { resources } = sampleOverview;

const names = (view: Partial<typeof everything>, of = resources) =>
  rowsOf(of, { ...everything, ...view }).map(({ level, kind, name }) =>
    `${'  '.repeat(level - 1)}${kind} ${name}`.trimEnd(),
  );

describe('the rows of the tree', () => {
  const two = [
    node('PrismCluster', 'prism/local', { children: [node('StatefulSet', 'prism/redis', { told: '0/1 ready' })] }),
    node('StreamBusCluster', 'shop/clicks'),
    node('StreamBusCluster', 'shop/orders'),
    node('PrismFederation', 'world'),
  ];

  it('group custom resources by kind and namespace, and leave what belongs to them closed', () => {
    expect(names({}, two).map((name) => name.replace(/ +/g, ' '))).toEqual([
      ' PrismCluster',
      ' prism',
      ' local',
      ' StreamBusCluster',
      ' shop',
      ' clicks',
      ' orders',
      ' PrismFederation',
      ' cluster-wide',
      ' world',
    ]);
  });

  it('tell each group how many of each health are in it, what needs a person first', () => {
    const [kind] = rowsOf(
      [node('StreamBusCluster', 'a/b'), node('StreamBusCluster', 'a/c', { health: 'failing' })],
      everything,
    );
    expect(kind?.counts).toEqual([
      ['failing', 1],
      ['healthy', 1],
    ]);
  });

  it('say the place of each among those of the same parent', () => {
    const places = rowsOf(two, everything).map(({ level, position, siblings }) => [level, position, siblings]);
    expect(places.slice(3, 7)).toEqual([
      [1, 2, 3],
      [2, 1, 1],
      [3, 1, 2],
      [3, 2, 2],
    ]);
  });

  it('are only those of a found object, opened down to it', () => {
    expect(names({ filter: 'redis' }, two)).toEqual([
      ' PrismCluster',
      '   prism',
      '     local',
      '      StatefulSet redis',
    ]);
  });

  it.each(['statefulset 0/1', 'PRISM/redis', 'redis healthy'])(
    'are found by all words of %j in one object',
    (filter) => {
      expect(names({ filter }, two)).toHaveLength(4);
    },
  );

  it('are none where no object has all the words', () => {
    expect(names({ filter: 'redis clicks' }, two)).toEqual([]);
  });

  it('are only those of the wanted healths', () => {
    const found = rowsOf(resources, { ...everything, healths: ['paused', 'deleting'] });
    expect(found.filter(({ is }) => is === 'object').map(({ name }) => name)).toEqual(['audit', 'scratch']);
  });

  it('stay closed where a reader closed them, also while filtering', () => {
    const toggled = new Map([['PrismCluster.prism.io/prism/PrismCluster/prism/local', false]]);
    expect(names({ filter: 'redis', toggled }, two)).toHaveLength(3);
  });

  it('have keys that are different for each', () => {
    const open = new Map(resources.flatMap(everyKey).map((key) => [key, true]));
    const keys = rowsOf(resources, { ...everything, toggled: open }).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(80);
  });
});

describe('the way to an object', () => {
  it('is found for each, and expanding what is above it shows it', () => {
    for (const { ref } of resources.flatMap((root) => [root, ...descendants(root)])) {
      const path = pathTo(resources, objectPath(ref));
      const toggled = new Map(keysAbove(path).map((key) => [key, true]));
      const row = rowsOf(resources, { ...everything, toggled }).find(({ key }) => key === keyOf(path));
      expect(row?.object).toBe(objectPath(ref));
    }
  });

  it('is empty for what is not there', () => {
    expect(pathTo(resources, 'core/pods/nowhere/nothing')).toEqual([]);
    expect([keysAbove([]), keyOf([])]).toEqual([[], undefined]);
  });
});

function everyKey(root: TreeNode): readonly string[] {
  return [root, ...descendants(root)].flatMap(({ ref }) => keyOf(pathTo(resources, objectPath(ref))) ?? []);
}
