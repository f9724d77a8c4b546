import type { Lease } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import prometheus from 'prom-client';
import { expect, it } from 'vitest';
import { metricsContext } from '../observe/metrics/metrics-context.fixture.ts';
import { RivalCensus } from './rival-census.ts';
import { rivalMetrics } from './rival-metrics.ts';

it('other operators at work are counted by the name of their lease, those not seen alive are not', async () => {
  const clock = new FakeClock();
  const rivals = ['old-lock', 'older-lock'].map((lease) => ({ lease, what: 'another operator' }));
  const census = new RivalCensus(rivals);
  const registry = new prometheus.Registry();
  const { context } = metricsContext();
  rivalMetrics(census)({ prometheus, registry, context: { ...context, clock } });
  const [old] = rivals;
  if (old === undefined) throw new Error('there are two rivals');
  const lease: Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'old-lock' },
    spec: { holderIdentity: 'pod-1', leaseDurationSeconds: 15 },
  };
  census.saw({ rival: old, namespace: 'a', lease, isNews: true }, clock.monotonic());
  census.saw({ rival: old, namespace: 'b', lease, isNews: false }, clock.monotonic());
  const told = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('capstan'));
  expect(await told()).toEqual([
    'capstan_rival_operators{lease="old-lock"} 1',
    'capstan_rival_operators{lease="older-lock"} 0',
  ]);
  await clock.advance(15_000);
  expect((await told())[0]).toBe('capstan_rival_operators{lease="old-lock"} 0');
});
