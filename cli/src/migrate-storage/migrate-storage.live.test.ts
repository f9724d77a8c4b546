import {
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  loadKubeConfig,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type CommandOutcome, capstan } from '../capstan.fixture.ts';
import { type CrateKind, crateKind, crateNames } from './crates.fixture.ts';
import { type Migration, migrate } from './migration.ts';

let client: KubeClient;
const made: CrateKind[] = [];

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});
afterAll(async () => {
  for (const kind of made) await kind.uninstall();
  await client?.close();
});

function crates(plural: string): CrateKind {
  const kind = crateKind(client, plural);
  made.push(kind);
  return kind;
}

function migrateStorage(...args: readonly string[]): Promise<CommandOutcome> {
  return capstan(['migrate-storage', '--kubeconfig', inject('kubeconfig'), ...args]);
}

/** Migrates in this process; `onProgress` may do harm, or end it. */
async function migrated({ name }: CrateKind, onProgress: (done: number, stop: () => void) => void): Promise<Migration> {
  const stop = new AbortController();
  const definition = await client.get(CustomResourceDefinition, { name });
  if (definition === undefined) throw new Error(`${name} is not installed`);
  return migrate(client, definition, {
    ...{ isDryRun: false, signal: stop.signal },
    onProgress: (done) => onProgress(done, () => stop.abort()),
  });
}

describe('a kind of 1,000 objects whose storage version was changed', () => {
  let kind: CrateKind;
  const names = crateNames(1_000);
  const sizes = Object.fromEntries(names.map((name, index) => [name, index]));

  beforeAll(async () => {
    kind = crates('barrels');
    await kind.install(['v1'], 'v1');
    await kind.fill('v1', names);
    await kind.install(['v1', 'v2'], 'v2');
  }, 120_000);

  test('is left as it is by a dry run, which says what would be done', async () => {
    const versions = async () =>
      (await client.list(kind.in('v2'), { namespace: 'default' })).items.map(
        ({ metadata }) => metadata.resourceVersion,
      );
    const before = await versions();
    const { code, stdout } = await migrateStorage(kind.name, '--dry-run');
    expect([code, stdout]).toEqual([
      0,
      `${kind.name}: 1,000 objects would be written in v2, and v1 taken out of storedVersions\n`,
    ]);
    expect(await versions()).toEqual(before);
    expect(await kind.storedVersions()).toEqual(['v1', 'v2']);
  });

  test('keeps its former version in the definition when it is interrupted', async () => {
    const end = await migrated(kind, (done, stop) => {
      if (done === 300) stop();
    });
    expect(end).toMatchObject({ kind: 'Interrupted', tally: { failures: [], gone: 0, unchanged: 0 } });
    expect(await kind.storedVersions()).toEqual(['v1', 'v2']);
  });

  test('is finished by running it again, which writes no object twice', async () => {
    const { code, stdout, stderr } = await migrateStorage(kind.name);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`Rewriting ${kind.name} (`) });
    const [, rewritten = '', already = ''] =
      /every object is stored in v2 now: (\d+) objects rewritten, (\d+) already in it\n$/.exec(stdout) ?? [];
    expect(Number(rewritten) + Number(already)).toBe(1_000);
    expect(Number(already)).toBeGreaterThanOrEqual(300);
    expect(Number(already)).toBeLessThan(320);
    expect(await kind.storedVersions()).toEqual(['v2']);
  });

  test('is whole without its former version, as nothing of it is stored any more', async () => {
    await kind.install(['v2'], 'v2');
    expect(await kind.sizes('v2')).toEqual(sizes);
    expect((await migrateStorage(kind.name)).stdout).toBe(
      `${kind.name}: every object is stored in v2, nothing to do\n`,
    );
  });
});

describe('objects of every version', () => {
  let kind: CrateKind;
  beforeAll(async () => {
    kind = crates('chests');
    await kind.install(['v1'], 'v1');
    await kind.fill('v1', ['c1', 'c2']);
    await kind.install(['v1', 'v2'], 'v2');
    await kind.fill('v2', ['c3']);
    await kind.fill('v1', ['c4']);
  });

  test('come through an upgrade to the newer version alone', async () => {
    expect(await refusalOf(kind.install(['v2'], 'v2'))).toContain('status.storedVersions');
    expect((await migrateStorage(kind.name)).code).toBe(0);
    await kind.install(['v2'], 'v2');
    expect(await kind.sizes('v2')).toEqual({ c1: 1, c2: 2, c3: 3, c4: 4 });
  });

  test('come through a downgrade to the older version alone', async () => {
    await kind.install(['v1', 'v2'], 'v1');
    await kind.fill('v2', ['c5']);
    expect(await kind.storedVersions()).toEqual(['v2', 'v1']);
    const { code, stdout } = await migrateStorage(kind.name);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/stored in v1 now: 4 objects rewritten, 1 already/)]);
    await kind.install(['v1'], 'v1');
    expect(await kind.sizes('v1')).toEqual({ c1: 1, c2: 2, c3: 3, c4: 4, c5: 5 });
  });
});

describe('while it runs', () => {
  test('what is deleted or edited is no obstacle, and no edit is lost', async () => {
    const kind = crates('trunks');
    await kind.install(['v1'], 'v1');
    await kind.fill('v1', crateNames(40));
    await kind.install(['v1', 'v2'], 'v2');
    const harm: Promise<unknown>[] = [];
    const ref = (name: string) => ({ namespace: 'default', name });
    const end = await migrated(kind, (done) => {
      if (done > 1) return;
      const edit = (name: string) =>
        client.patch(kind.in('v2'), ref(name), { kind: 'merge', body: { spec: { size: 700 } } });
      harm.push(...crateNames(40).slice(20, 30).map(edit));
      harm.push(client.delete(kind.in('v2'), ref('c5')));
    });
    await Promise.all(harm);
    expect(end).toMatchObject({ kind: 'Migrated', tally: { failures: [], left: 0 } });
    const sizes = await kind.sizes('v2');
    expect(Object.keys(sizes)).toHaveLength(39);
    expect(Object.values(sizes).filter((size) => size === 700)).toHaveLength(10);
  });

  test('a definition that changes again is not said to be done with', async () => {
    const kind = crates('vats');
    await kind.install(['v1'], 'v1');
    await kind.fill('v1', ['c1', 'c2']);
    await kind.install(['v1', 'v2'], 'v2');
    const name = kind.name;
    const definition = await client.get(CustomResourceDefinition, { name });
    if (definition === undefined) throw new Error('it is installed above');
    await kind.install(['v1', 'v2'], 'v1');
    await kind.install(['v1', 'v2'], 'v2');
    const options = { isDryRun: false, signal: new AbortController().signal, onProgress: () => {} };
    expect(await migrate(client, definition, options)).toEqual({
      kind: 'Refused',
      why: expect.stringContaining('the definition was changed meanwhile'),
    });
    expect(await kind.storedVersions()).toEqual(['v1', 'v2']);
  });
});

describe('an object that the API server refuses', () => {
  const name = 'storage-capstan-dev';

  test('is named, stops no other, and keeps the former version in the definition', async () => {
    const kind = crates('boxes');
    await kind.install(['v1'], 'v1');
    await kind.fill('v1', crateNames(12));
    await kind.install(['v1', 'v2'], 'v2');
    await allowOnly('boxes', "object.metadata.name != 'c7'");
    await untilRefused(kind);
    const { code, stdout } = await migrateStorage(kind.name);
    const [told, object, ...more] = stdout.trimEnd().split('\n');
    expect([code, told]).toEqual([1, expect.stringContaining('not migrated: 11 objects rewritten, 1 failed;')]);
    expect([object, more]).toEqual([expect.stringMatching(/^ {2}default\/c7: .*must stay as it is/), []]);
    expect(await kind.storedVersions()).toEqual(['v1', 'v2']);
    await client.delete(ValidatingAdmissionPolicyBinding, { name });
    await eventually(async () => expect((await migrateStorage(kind.name)).code).toBe(0), { timeout: 30_000 });
    expect(await kind.storedVersions()).toEqual(['v2']);
    await client.delete(ValidatingAdmissionPolicy, { name });
  });

  test('is not tried for ever when it is every object', async () => {
    const kind = crates('tubs');
    await kind.install(['v1'], 'v1');
    await kind.fill('v1', crateNames(60));
    await kind.install(['v1', 'v2'], 'v2');
    await allowOnly('tubs', 'false');
    await untilRefused(kind);
    const end = await migrated(kind, () => {});
    if (end.kind !== 'Incomplete') throw new Error(`it ended as ${end.kind}`);
    expect(end.tally.failures.length).toBeGreaterThanOrEqual(20);
    expect(end.tally.left).toBeGreaterThanOrEqual(30);
    await client.delete(ValidatingAdmissionPolicyBinding, { name });
    await client.delete(ValidatingAdmissionPolicy, { name });
  });

  /** A policy takes a moment to take effect; a dry run leaves everything as it is. */
  function untilRefused(kind: CrateKind): Promise<void> {
    const check = async () => expect((await migrateStorage(kind.name, '--dry-run')).code).toBe(1);
    return eventually(check, { timeout: 30_000 });
  }

  /** Lets nobody write objects of which the expression is false. */
  async function allowOnly(plural: string, expression: string): Promise<void> {
    const metadata = { name };
    const apiVersion = 'admissionregistration.k8s.io/v1';
    const rule = {
      ...{ apiGroups: ['storage.capstan.dev'], apiVersions: ['*'] },
      ...{ operations: ['UPDATE' as const], resources: [plural] },
    };
    const policy: ValidatingAdmissionPolicy = {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression, message: 'it must stay as it is' }],
      },
    };
    const binding: ValidatingAdmissionPolicyBinding = {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata },
      spec: { policyName: name, validationActions: ['Deny'] },
    };
    await client.apply(ValidatingAdmissionPolicy, policy, { fieldManager: 'test' });
    await client.apply(ValidatingAdmissionPolicyBinding, binding, { fieldManager: 'test' });
  }
});

describe('capstan migrate-storage', () => {
  test('names the nearest definition where one is not installed', async () => {
    const kind = crates('casks');
    await kind.install(['v1'], 'v1');
    const { code, stderr } = await migrateStorage('cask.storage.capstan.dev');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^capstan: there is no CustomResourceDefinition cask\.\S+: did you mean casks\.storage\.capstan\.dev\b/,
    );
  });
});

async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it was not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
