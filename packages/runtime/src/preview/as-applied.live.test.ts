import { execFile } from 'node:child_process';
import { customResource, type ResourceOf, Type, withDefault } from '@capstan/crd';
import { CustomResourceDefinition, createClient, type KubeClient, loadKubeConfig, Namespace } from '@capstan/kube';
import { AuditLog, untilServed, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { asApplied } from './as-applied.ts';

const Draft = customResource({
  ...{ group: 'applied.capstan.dev', version: 'v1', kind: 'Draft', plural: 'drafts', description: 'Has fields.' },
  spec: Type.Object(
    {
      size: withDefault(Type.Integer({ minimum: 1, maximum: 9, description: 'How large.' }), 3),
      colour: Type.Optional(Type.String({ maxLength: 20, description: 'Which colour.' })),
      note: Type.Optional(Type.String({ maxLength: 20, description: 'What to remember.' })),
    },
    { description: 'What is wanted.' },
  ),
  status: Type.Object({ seen: Type.Optional(Type.Boolean({ description: 'Whether it was seen.' })) }),
});
type Draft = ResourceOf<typeof Draft>;

let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await client.apply(CustomResourceDefinition, Draft.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Draft, Draft.withDefaults(draft('default', {})), AbortSignal.timeout(30_000));
});

afterAll(() => client?.close());

function draft(namespace: string, spec: object) {
  return { apiVersion: 'applied.capstan.dev/v1', kind: 'Draft', metadata: { namespace, name: 'one' }, spec };
}

async function inNamespace(name: string): Promise<string> {
  const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `applied-${name}` } };
  await client.apply(Namespace, body, { fieldManager: 'test' });
  return body.metadata.name;
}

/** Applies as a person does; the object as the server then has it. */
async function kubectlApply(object: ReturnType<typeof draft>, ...flags: readonly string[]): Promise<Draft> {
  await new Promise<void>((resolve, reject) => {
    const args = ['--kubeconfig', inject('kubeconfig'), 'apply', '-f', '-', ...flags];
    const child = execFile(inject('kubectl'), args, (error) => (error === null ? resolve() : reject(error)));
    child.stdin?.end(JSON.stringify(object));
  });
  const found = await client.get(Draft, object.metadata);
  if (found === undefined) throw new Error('it was not applied');
  return found;
}

async function specAsApplied(object: ReturnType<typeof draft>, by: KubeClient | undefined = client) {
  const result = await asApplied(Draft, object, by);
  return 'violations' in result ? result.violations : [result.basis, result.resource.spec];
}

describe('a file as it would be applied', () => {
  it('has the defaults of the server, or of the schema where there is no server', async () => {
    const object = draft(await inNamespace('defaults'), { colour: 'red' });
    expect(await specAsApplied(object)).toEqual(['server', { size: 3, colour: 'red' }]);
    expect(await asApplied(Draft, object, undefined)).toMatchObject({
      basis: 'comparison',
      resource: { spec: { size: 3, colour: 'red' } },
    });
  });

  it.each([
    ['kubectl apply', []],
    ['kubectl apply --server-side', ['--server-side']],
  ])('loses what %s put there and is no longer in it, and keeps what others wrote', async (name, flags) => {
    const namespace = await inNamespace(name.replaceAll(/[^a-z]/g, ''));
    await kubectlApply(draft(namespace, { size: 5, colour: 'red' }), ...flags);
    const note = { kind: 'merge', body: { spec: { note: 'theirs' } } } as const;
    await client.patch(Draft, { namespace, name: 'one' }, note, { fieldManager: 'others' });
    const next = draft(namespace, { size: 6 });
    const told = await specAsApplied(next);
    const really = await kubectlApply(next, ...flags);
    expect(told).toEqual(['server', { size: 6, note: 'theirs' }]);
    expect(really.spec).toEqual({ size: 6, note: 'theirs' });
  });

  it('may be one that was read from the cluster', async () => {
    const live = await kubectlApply(draft(await inNamespace('read'), { colour: 'red' }));
    const result = await asApplied(Draft, { ...live, status: { seen: true } } as Draft, client);
    expect(result).toMatchObject({ basis: 'server', resource: { spec: live.spec } });
    expect('resource' in result && result.resource.status).toBe(undefined);
  });

  it('is refused by field, whoever finds the fault', async () => {
    const namespace = await inNamespace('refused');
    expect(await specAsApplied(draft(namespace, { size: 0 }))).toEqual([
      { path: 'spec.size', reason: 'FieldValueInvalid', message: expect.any(String) },
    ]);
    expect(await specAsApplied(draft(namespace, { sise: 2 }))).toEqual([
      { path: 'spec.sise', message: 'there is no such field in Draft' },
    ]);
    const { metadata, ...rest } = draft(namespace, {});
    const named = { ...rest, metadata: { ...metadata, name: 'Not A Name' } };
    expect(await specAsApplied(named)).toEqual([
      { path: 'metadata.name', message: expect.stringContaining('RFC 1123') },
    ]);
  });

  it('says so where the namespace or the kind is missing', async () => {
    const nowhere = await asApplied(Draft, draft('applied-nowhere', {}), client);
    expect(nowhere).toMatchObject({
      basis: 'comparison',
      notes: [expect.stringContaining('namespace applied-nowhere')],
    });
    const missing = await asApplied({ ...Draft, plural: 'drafters' }, draft('default', {}), client);
    expect(missing).toMatchObject({ basis: 'comparison', notes: [expect.stringContaining('is its CRD installed?')] });
  });

  it('is never stored', async () => {
    const namespace = await inNamespace('stored');
    const audit = new AuditLog(inject('auditLog'));
    const position = audit.position();
    await specAsApplied(draft(namespace, {}));
    const writes = audit.since(position, { namespace, resource: 'drafts', verbs: writeVerbs });
    expect(writes.map(({ verb, uri }) => [verb, uri.includes('dryRun=All')])).toEqual([['create', true]]);
    expect(await client.get(Draft, { namespace, name: 'one' })).toBeUndefined();
  });
});
