import { roundTrips } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { FormerPrismPattern } from './former-version.ts';
import { PrismPattern } from './prism-pattern.ts';
import { PrismPatterns } from './prism-patterns.ts';

describe('a pattern in another version', () => {
  it('comes back as it was, whatever is in it', () => {
    roundTrips(PrismPatterns, { runs: 5000 });
  }, 300_000);

  it.each([
    [4096, 0],
    [4097, 1],
  ])('has the same limit for what a trigger is told: %d characters', (length, wrong) => {
    const triggers = [{ type: 'rabbitmq', metadata: { queueName: 'a'.repeat(length) } }];
    const autoscaling = { enabled: true, minReplicas: 0, maxReplicas: 1, triggers };
    const metadata = { name: 'letters' };
    const former = { pattern: 'consumer', backend: 'nats', image: '', replicas: 1, autoscaling };
    const rows = [
      PrismPattern.validate({
        apiVersion: 'prism.io/v1beta1',
        kind: 'PrismPattern',
        metadata,
        spec: { type: 'consumer', autoscaling },
      }),
      FormerPrismPattern.validate({ apiVersion: 'prism.io/v1alpha1', kind: 'PrismPattern', metadata, spec: former }),
    ];
    expect(rows.map((violations) => violations.length)).toEqual([wrong, wrong]);
  });
});
