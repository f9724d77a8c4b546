import { describe, expect, it } from 'vitest';
import { node } from '../sample-data.fixture.ts';
import { troubleBeneath } from './health.js';

const claim = node('PersistentVolumeClaim', 'a/data', { health: 'progressing' });
const pod = node('Pod', 'a/redis-0', { health: 'failing', children: [claim] });
const set = node('StatefulSet', 'a/redis', { health: 'failing', children: [pod, node('Pod', 'a/redis-1')] });
const waiting = node('Deployment', 'a/proxy', { health: 'progressing', children: [node('Pod', 'a/proxy-0')] });
const kinds = (most: number) =>
  troubleBeneath(node('PrismCluster', 'a/local', { health: 'failing', children: [waiting, set] }), most).map(
    ({ ref }) => ref.kind,
  );

describe('trouble beneath an object', () => {
  it('is where it begins, and what needs a person comes first', () => {
    expect(kinds(9)).toEqual(['Pod', 'Deployment', 'PersistentVolumeClaim']);
  });

  it('is as much as one wants to read', () => {
    expect(kinds(1)).toEqual(['Pod']);
  });

  it('is none where all is well, or where nobody knows', () => {
    expect(
      troubleBeneath(node('PrismCluster', 'a/b', { children: [node('Pod', 'a/c', { health: 'unknown' })] }), 9),
    ).toEqual([]);
  });
});
