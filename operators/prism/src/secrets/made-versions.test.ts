import { describe, expect, it } from 'vitest';
import { defaultVersion } from '../backends/versions.ts';
import { type Backends, look, memory, type Situation } from './what-was-made.fixture.ts';

describe('a server whose version the cluster does not name', () => {
  const versionOf = async (backends: Backends, situation?: Situation) =>
    (await look(backends, situation)).made.redis?.version;

  it('begins with the default of now, whatever was remembered of one that is gone', async () => {
    const secrets = [memory({ redis: { version: '6.2.0' } })];
    expect(await versionOf({ redis: {} }, { isMade: false, secrets })).toBe(defaultVersion('redis'));
  });

  it('keeps the version that it was made with', async () => {
    const secrets = [memory({ redis: { version: '6.2.0' } })];
    expect(await versionOf({ redis: {} }, { secrets, runs: 'redis:8.0.0' })).toBe('6.2.0');
  });

  it.each([
    ['redis:6.2.0-alpine', '6.2.0-alpine'],
    ['redis:latest', defaultVersion('redis')],
    ['mirror/redis:6.2.0', defaultVersion('redis')],
    [undefined, defaultVersion('redis')],
  ])('that runs %s and of which nothing is remembered goes on with %s', async (runs, expected) => {
    expect(await versionOf({ redis: {} }, { ...(runs !== undefined && { runs }) })).toBe(expected);
  });

  it('goes back to the version it was made with, also where that was named', async () => {
    expect(await versionOf({ redis: { version: '6.2.0' } }, { isMade: false })).toBe('6.2.0');
    const secrets = [memory({ redis: { version: '6.2.0' } })];
    expect(await versionOf({ redis: { version: '7.9.9' } }, { secrets })).toBe('6.2.0');
  });

  it('is remembered while it is disabled', async () => {
    const secrets = [memory({ redis: { version: '6.2.0' } })];
    expect(await versionOf({ redis: { enabled: false } }, { secrets })).toBe('6.2.0');
  });

  it('is remembered when it is a ZooKeeper as well', async () => {
    const { made } = await look({ kafka: { mode: 'ZooKeeper' } }, { isMade: false });
    expect(Object.keys(made).toSorted()).toEqual(['kafka', 'zookeeper']);
  });
});
