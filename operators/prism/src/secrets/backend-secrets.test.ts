import type { KubeObject, Secret } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { backendSecrets } from './backend-secrets.ts';
import { SecretContents } from './secret-contents.ts';

/** Bytes that are others at each call, and the same in each test. */
function counting() {
  let next = 0;
  return (bytes: number) => {
    next += 1;
    return new Uint8Array(bytes).fill(next);
  };
}

/** No server is there yet, unless told. */
const sources = (isMade = false, contents = new SecretContents()) => ({
  ...{ contents, random: counting(), isMade: () => isMade, runs: () => undefined },
});

const aSecret = (name: string, data: Readonly<Record<string, string>>, resourceVersion = '1'): Secret => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'shop', resourceVersion } },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});

async function findingsOf(backends: NonNullable<SpecInput['backends']>, ...objects: readonly KubeObject[]) {
  const cluster = aCluster({ spec: { backends } });
  const { findings } = await backendSecrets(cluster, aPass({ objects }), sources());
  return Object.fromEntries(findings);
}

describe('the credentials of a backend', () => {
  it('are made when nobody has made any', async () => {
    const { redis } = await findingsOf({ redis: {} });
    expect(redis).toEqual({
      ...{ kind: 'Usable', source: 'Generated', isWellKnown: false },
      credentials: { password: expect.stringMatching(/^.{32}$/) },
    });
  });

  it('are those of the Secret that is there, a well-known one too', async () => {
    const secret = aSecret('orders-minio-credentials', { rootUser: 'minioadmin', rootPassword: 'minioadmin' });
    expect(await findingsOf({ minio: {} }, secret)).toEqual({
      minio: {
        ...{ kind: 'Usable', source: 'Generated', isWellKnown: true },
        credentials: { rootUser: 'minioadmin', rootPassword: 'minioadmin' },
      },
    });
  });

  it('are never made anew for a Secret that is there and cannot be used', async () => {
    const secret = aSecret('orders-redis-credentials', { passwort: 'x' });
    expect(await findingsOf({ redis: {} }, secret)).toEqual({
      redis: { kind: 'Unusable', reason: 'SecretInvalid', message: expect.stringContaining('has no key password') },
    });
  });

  it('are never made in place of a Secret that the cluster names', async () => {
    expect(await findingsOf({ redis: { existingSecret: 'cache' } })).toEqual({
      redis: {
        ...{ kind: 'Unusable', reason: 'SecretMissing' },
        message: 'Secret/cache does not exist, which redis needs: create it',
      },
    });
  });

  it('of a server elsewhere are in the Secret that the cluster names', async () => {
    const external = { endpoint: 'db.example:5432', secretRef: { name: 'db' } };
    const secret = aSecret('db', { username: 'app', password: 'a long one' });
    expect(await findingsOf({ postgres: { external } }, secret)).toEqual({
      postgres: {
        ...{ kind: 'Usable', source: 'External', isWellKnown: false },
        credentials: { username: 'app', password: 'a long one' },
      },
    });
  });

  it('are none where nobody has to log in, or the backend is disabled', async () => {
    const found = await findingsOf({ redis: { auth: 'None' }, nats: { enabled: false } });
    expect(found).toEqual({ redis: { kind: 'Usable', credentials: {}, source: 'None', isWellKnown: false } });
  });

  it('that were deleted while their server runs come back as they were', async () => {
    const cluster = aCluster({ spec: { backends: { postgres: {} } } });
    const secret = aSecret('orders-postgres-credentials', { username: 'prism', password: 'a long one' });
    const contents = new SecretContents();
    await backendSecrets(cluster, aPass({ objects: [secret] }), sources(true, contents));
    const { findings } = await backendSecrets(cluster, aPass(), sources(true, contents));
    expect(findings.get('postgres')).toMatchObject({ credentials: { username: 'prism', password: 'a long one' } });
  });

  it('that were deleted while nobody looked are not made anew for a server that has others', async () => {
    const cluster = aCluster({ spec: { backends: { postgres: {} } } });
    const { findings } = await backendSecrets(cluster, aPass(), sources(true));
    expect(findings.get('postgres')).toEqual({
      ...{ kind: 'Unusable', reason: 'SecretMissing' },
      message: expect.stringContaining(
        'Secret/orders-postgres-credentials is gone, and postgres was made with what was in it',
      ),
    });
  });

  it('that cannot be used are told without a value', async () => {
    const secret = aSecret('orders-minio-credentials', { rootUser: 'prism', rootPassword: 'Xq7' });
    expect(JSON.stringify(await findingsOf({ minio: {} }, secret))).not.toContain('Xq7');
  });
});

describe('the key that secrets are hashed with', () => {
  const cluster = aCluster();
  const keyOf = async (...objects: readonly KubeObject[]) => {
    const { hashKey } = await backendSecrets(cluster, aPass({ objects }), sources());
    return Buffer.from(hashKey).toString('base64');
  };

  it('is that of its Secret', async () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    expect(await keyOf(aSecret('orders-prism-hash-key', { key }))).toBe(key);
  });

  it.each([
    [[]],
    [[aSecret('orders-prism-hash-key', { key: 'dG9vIHNob3J0' })]],
    [[aSecret('orders-prism-hash-key', {})]],
  ])('is a new one where there is none that is long enough', async (objects) => {
    expect(await keyOf(...objects)).toBe(Buffer.alloc(32, 1).toString('base64'));
  });

  it.each([
    ['is deleted', []],
    ['is spoilt', [aSecret('orders-prism-hash-key', { key: 'dG9vIHNob3J0' }, '2')]],
  ])('comes back as it was when its Secret %s', async (_title, objects) => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const contents = new SecretContents();
    await backendSecrets(
      cluster,
      aPass({ objects: [aSecret('orders-prism-hash-key', { key })] }),
      sources(true, contents),
    );
    const { hashKey } = await backendSecrets(cluster, aPass({ objects }), sources(true, contents));
    expect(Buffer.from(hashKey).toString('base64')).toBe(key);
  });
});

describe('a Secret', () => {
  it('is read once for each version, and always while the cache does not have it', async () => {
    const contents = new SecretContents();
    const [first, second] = [aSecret('a', { key: '1' }, '1'), aSecret('a', { key: '2' }, '2')];
    const read = async (objects: readonly KubeObject[], cached: readonly KubeObject[]) => {
      const pass = aPass({ objects, cached });
      return [await contents.read('shop', 'a', pass), pass.asked.length];
    };
    expect(await read([first], [])).toEqual([{ key: '1' }, 1]);
    expect(await read([first], [first])).toEqual([{ key: '1' }, 0]);
    expect(await read([second], [second])).toEqual([{ key: '2' }, 1]);
    expect(await read([second], [second])).toEqual([{ key: '2' }, 0]);
    expect(await read([], [])).toEqual([undefined, 1]);
    expect(contents.formerly('shop', 'a')).toEqual({ key: '2' });
  });
});
