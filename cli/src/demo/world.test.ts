import { describe, expect, it } from 'vitest';
import { type Needs, needsNothing } from './needs.ts';
import type { Sample } from './samples.ts';
import { worldFor } from './world.ts';

function sample(needs: Partial<Needs>, metadata: Partial<Sample['manifest']['metadata']> = {}): Sample {
  const manifest = {
    apiVersion: 'example.dev/v1',
    kind: 'Cache',
    metadata: { namespace: 'shop', name: 'orders', ...metadata },
  };
  return { manifest, needs: { ...needsNothing, ...needs } };
}

describe('the world for samples', () => {
  it('has every namespace and storage class once', () => {
    const world = worldFor([
      sample({ storageClasses: ['standard'] }, { namespace: 'b' }),
      sample({ storageClasses: ['fast', 'standard'] }, { namespace: 'a' }),
      sample({}, { namespace: 'a', name: 'other' }),
    ]);
    expect([world.namespaces, world.storageClasses, world.secrets]).toEqual([['a', 'b'], ['fast', 'standard'], []]);
  });

  it('has a default storage class where a sample claims volumes of no class', () => {
    const has = (needs: Partial<Needs>) => worldFor([sample({ storageClasses: ['fast'] }), sample(needs)]);
    expect(has({}).hasDefaultStorageClass).toBe(false);
    expect(has({ usesDefaultStorageClass: true }).hasDefaultStorageClass).toBe(true);
  });

  it('has a node for each pod of the largest sample, over three zones', () => {
    expect(worldFor([sample({ pods: 3 }), sample({ pods: 4 })]).nodes).toEqual([
      { name: 'general-1', labels: { 'topology.kubernetes.io/zone': 'zone-a' } },
      { name: 'general-2', labels: { 'topology.kubernetes.io/zone': 'zone-b' } },
      { name: 'general-3', labels: { 'topology.kubernetes.io/zone': 'zone-c' } },
      { name: 'general-4', labels: { 'topology.kubernetes.io/zone': 'zone-a' } },
    ]);
  });

  it('has no node where nothing runs in the cluster', () => {
    expect(worldFor([sample({})]).nodes).toEqual([]);
  });

  it('has special nodes for the sample that asks for them', () => {
    const taint = { key: 'dedicated', value: 'streambus', effect: 'NoSchedule' } as const;
    const placed = sample({ pods: 1, placement: { labels: { ssd: 'true' }, taints: [taint] } });
    expect(worldFor([placed]).nodes.slice(1)).toEqual([
      { name: 'orders-node-1', labels: { 'topology.kubernetes.io/zone': 'zone-a', ssd: 'true' }, taints: [taint] },
    ]);
  });

  it('has the Secrets of each sample in its namespace', () => {
    const secret = { name: 'ca', content: { kind: 'certificate-authority' } } as const;
    const samples = [sample({ secrets: [secret] }), sample({ secrets: [secret] }, { namespace: 'b' })];
    expect(worldFor(samples).secrets).toEqual([
      { namespace: 'shop', ...secret },
      { namespace: 'b', ...secret },
    ]);
  });
});
