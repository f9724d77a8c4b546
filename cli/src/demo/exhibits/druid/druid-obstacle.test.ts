import { describe, expect, it } from 'vitest';
import { type DruidSight, obstacleIn } from './druid-obstacle.ts';

function machine(changes: Partial<DruidSight> = {}): DruidSight {
  const availability: DruidSight['availability'] = async () => ({ kind: 'Available' });
  return { isFetched: true, java: 17, memory: 8_000_000_000, availability, ...changes };
}

const missing = async () => ({ kind: 'Missing', why: 'no Java found: install Java 17' }) as const;

describe('what keeps a real Druid from being shown', () => {
  it('is nothing where all of it is there, and nobody is asked', async () => {
    const availability = () => Promise.reject(new Error('asked'));
    expect(await obstacleIn('if-there', machine({ availability }))).toBeUndefined();
  });

  it('is too little memory, however much it is wished for', async () => {
    expect(await obstacleIn('asked', machine({ memory: 1_500_000_000 }))).toMatch(
      /^a real Druid with Kafka takes 2\.0 GB/,
    );
  });

  it('is what is not installed, with what to install', async () => {
    const bare = machine({ java: undefined, availability: missing });
    expect(await obstacleIn('if-there', bare)).toBe('no Java found: install Java 17');
  });

  it('is a long download that nobody asked for', async () => {
    const fresh = machine({ isFetched: false });
    expect(await obstacleIn('if-there', fresh)).toContain('npm run demo -- --druid fetches them once');
    expect(await obstacleIn('asked', fresh)).toBeUndefined();
  });
});
