import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster } from './a-cluster.fixture.ts';
import { patternName, shortened } from './names.ts';

describe('a name that is too long', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,80}[a-z0-9]$/);

  it('is cut to the limit, stays a DNS label, and starts as it did', () => {
    fc.assert(
      fc.property(label, (name) => {
        const short = shortened(name, 52);
        expect(short.length).toBeLessThanOrEqual(52);
        expect(short).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        expect(short === name || name.startsWith(short.slice(0, short.lastIndexOf('-')))).toBe(true);
      }),
    );
  });

  it('is another one for another name, even where only the end differs', () => {
    const start = 'p'.repeat(60);
    expect(shortened(`${start}-keyvalue`, 52)).not.toBe(shortened(`${start}-consumer`, 52));
  });

  it('and one that is not stays as it is', () => {
    expect(shortened('prism-local-redis', 52)).toBe('prism-local-redis');
  });
});

describe('the name of the workload of a pattern', () => {
  const nameOf = (cluster: string, pattern: string) => patternName(aCluster({ name: cluster }), pattern);

  it.each([
    ['orders', 'keyvalue', 'orders-keyvalue-runner'],
    ['prism-local', 'consumer', 'prism-local-consumer-runner'],
    ['prism-local', 'multicast-registry', 'prism-local-multicast-registry-runner'],
  ])('of %s and %s is both of them', (cluster, pattern, name) => {
    expect(nameOf(cluster, pattern)).toBe(name);
  });

  it.each([
    ['a', 'b-c', 'a-b', 'c'],
    ['a', 'multicast-registry', 'a-multicast', 'registry'],
    ['a', 'b-multicast-registry', 'a-b', 'multicast-registry'],
    ['a-b', 'c-d', 'a', 'b-c-d'],
  ])('of %s and %s is not that of %s and %s', (cluster, pattern, otherCluster, otherPattern) => {
    expect(nameOf(cluster, pattern)).not.toBe(nameOf(otherCluster, otherPattern));
  });

  it('is never that of another cluster or pattern, and fits', () => {
    const part = fc.stringMatching(/^[ab]([-ab]{0,4}[ab])?$/);
    const long = fc.stringMatching(/^[a-z][-a-z0-9]{0,38}[a-z0-9]$/);
    const name = fc.oneof(part, long);
    fc.assert(
      fc.property(name, name, name, name, (cluster, pattern, otherCluster, otherPattern) => {
        const own = nameOf(cluster, pattern);
        expect(own.length).toBeLessThanOrEqual(52);
        expect(own).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        const isSame = cluster === otherCluster && pattern === otherPattern;
        expect(own === nameOf(otherCluster, otherPattern)).toBe(isSame);
      }),
      { numRuns: 1000 },
    );
  });
});
