import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeClient } from './client.ts';
import { createClient } from './create-client.ts';
import { discover, type ServedTypes, servedType } from './discovery.ts';
import { Deployment } from './kinds.ts';
import { loadKubeConfig } from './kubeconfig/index.ts';
import { answer, connectionTo, refuse, ScriptedServer } from './testing/scripted-server.fixture.ts';

let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});

afterAll(() => client.close());

/** The kinds in an order of their own, as servers are free in theirs. */
function sorted({ types, unavailable }: ServedTypes): ServedTypes {
  const nameOf = (type: (typeof types)[number]) => `${type.group}/${type.version}/${type.plural}`;
  const ordered = types.map((type) => ({
    ...type,
    verbs: [...type.verbs].sort(),
    shortNames: [...type.shortNames].sort(),
    subresources: [...type.subresources].sort(),
  }));
  return { types: ordered.sort((a, b) => nameOf(a).localeCompare(nameOf(b))), unavailable };
}

describe('discover', () => {
  it('finds every kind with its verbs and subresources', async () => {
    const { types, unavailable } = await discover(client);
    expect(unavailable).toEqual([]);
    expect(types).toContainEqual({
      ...Deployment,
      verbs: expect.arrayContaining(['get', 'list', 'watch', 'patch']),
      shortNames: ['deploy'],
      subresources: expect.arrayContaining(['scale', 'status']),
    });
  });

  it('finds the same on a server that knows no aggregated discovery', async () => {
    // The real server, asked as if it were old: without the media types of aggregated discovery.
    const old: KubeClient = Object.create(client, {
      raw: { value: (path: string) => client.raw(path, { accept: 'application/json' }) },
    });
    const [aggregated, byGroup] = await Promise.all([discover(client), discover(old)]);
    const core = (found: ServedTypes) =>
      sorted({ ...found, types: found.types.filter(({ group }) => !group.endsWith('.test')) });
    expect(core(byGroup)).toEqual(core(aggregated));
  });

  it('names an aggregated API that does not answer, and finds the rest', async () => {
    await using server = await ScriptedServer.start((request) => {
      const group = (name: string) => ({ name, versions: [{ groupVersion: `${name}/v1` }] });
      if (request.path === '/api') answer(request, 200, { kind: 'APIVersions', versions: [] });
      else if (request.path === '/apis') answer(request, 200, { groups: [group('up.test'), group('down.test')] });
      else if (request.path === '/apis/down.test/v1') refuse(request, 503, 'ServiceUnavailable');
      else answer(request, 200, { resources: [{ name: 'ups', kind: 'Up', namespaced: true, verbs: ['get'] }] });
    });
    const local = createClient(connectionTo(server.url));
    const up = { group: 'up.test', version: 'v1', kind: 'Up', plural: 'ups', namespaced: true };
    expect(await discover(local)).toEqual({
      types: [{ ...up, verbs: ['get'], shortNames: [], subresources: [] }],
      unavailable: ['down.test/v1'],
    });
    await local.close();
  });
});

describe('servedType', () => {
  it('gives the version that the server prefers', async () => {
    expect(await servedType(client, { group: 'apps', kind: 'Deployment' })).toMatchObject({ ...Deployment });
    expect(await servedType(client, { group: '', kind: 'ConfigMap' })).toMatchObject({
      version: 'v1',
      plural: 'configmaps',
    });
  });

  it.each([
    { group: 'absent.test', kind: 'Widget' },
    { group: 'apps', kind: 'Absent' },
  ])('is undefined for $kind in $group, which is not served', async (wanted) => {
    expect(await servedType(client, wanted)).toBeUndefined();
  });
});
