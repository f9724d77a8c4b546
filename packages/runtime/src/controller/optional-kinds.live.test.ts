import { customResource, Type } from '@capstan/crd';
import { ConfigMap, CustomResourceDefinition, type KubeObject } from '@capstan/kube';
import { AuditLog, eventually, never } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { setConditions } from '../conditions.ts';
import { controller } from './controller.ts';
import { optional, owned } from './reconciler.ts';
import { aText, Errand, openStage, type Stage } from './stage.fixture.ts';
import { mapped, referenced } from './watched-kind.ts';

const kubeconfig = inject('kubeconfig');

/** A kind of an add-on that the cluster may lack; a plural of its own for each test. */
function addOnKind(plural: string) {
  return customResource({
    ...{ group: 'addon.capstan.dev', version: 'v1', kind: `Probe${plural}`, plural, description: 'Of an add-on.' },
    spec: Type.Object({ text: Type.String({ maxLength: 60, description: 'Any.' }) }),
    status: Type.Object({}),
  });
}
type AddOnKind = ReturnType<typeof addOnKind>;

function aProbe({ kind }: AddOnKind, name: string, text: string): KubeObject & { readonly spec: object } {
  return { apiVersion: 'addon.capstan.dev/v1', kind, metadata: { name }, spec: { text } };
}

function errands(kind: AddOnKind) {
  return controller<Errand>(Errand, {
    name: 'optional-operator',
    owns: [owned(ConfigMap), optional(owned(kind))],
    reconcile: async ({ metadata: { name }, spec, status }, pass) => {
      const objects = [aText(name, spec.text), aProbe(kind, name, spec.text)];
      const outcome = await pass.apply({ steps: [{ name: 'all', objects }] });
      const said = outcome.children.map(({ child, action }) => `${child} ${action}`).join(', ');
      const ready = { type: 'Ready', status: 'True', reason: 'Made', message: '' } as const;
      const conditions = setConditions(status?.conditions, [ready], { now: pass.now });
      return pass.report({ status: { said, conditions } });
    },
  });
}

async function install({ client }: Stage, kind: AddOnKind): Promise<void> {
  await client.apply(CustomResourceDefinition, kind.manifest(), { fieldManager: 'test', force: true });
}

async function uninstall({ client }: Stage, { plural }: AddOnKind): Promise<void> {
  const name = `${plural}.addon.capstan.dev`;
  await client.delete(CustomResourceDefinition, { name });
  // While it is terminating, a definition that is applied again would go with it.
  await eventually(async () => expect(await client.get(CustomResourceDefinition, { name })).toBeUndefined());
}

async function probeIn({ client, namespace }: Stage, kind: AddOnKind): Promise<KubeObject | undefined> {
  return client.get<KubeObject>(kind, { namespace, name: 'a' }).catch(() => undefined);
}

describe('an optional kind', () => {
  it('is left out while it is absent, made when it is installed, and left out again when it is removed', async () => {
    const kind = addOnKind('comings');
    await using stage = await openStage({ kubeconfig, namespace: 'optional-life', controllers: [errands(kind)] });
    await stage.want('a', {});
    await eventually(async () => expect(await stage.texts()).toEqual({ a: 'a' }));
    const missing =
      'True KindsNotInstalled: left out until their kinds are installed: Probecomings/a (Probecomings.addon.capstan.dev is not installed)';
    await eventually(async () => expect(await stage.condition('a', 'OptionalKindsMissing')).toBe(missing));
    const before = stage.passes.length;

    await install(stage, kind);
    await eventually(async () => expect(await probeIn(stage, kind)).toMatchObject({ spec: { text: 'a' } }));
    await eventually(async () => expect(await stage.condition('a', 'OptionalKindsMissing')).toBeUndefined());
    // A pass is recorded a moment after its status is written.
    await eventually(() =>
      expect(stage.passes.slice(before).flatMap(({ triggers }) => triggers.map(({ reason }) => reason))).toContain(
        'Probecomings is available now',
      ),
    );
    await stage.client.delete(kind, { namespace: stage.namespace, name: 'a' });
    await eventually(async () => expect(await probeIn(stage, kind)).toBeDefined());

    await uninstall(stage, kind);
    await eventually(async () => expect(await stage.condition('a', 'OptionalKindsMissing')).toBe(missing));
    await stage.want('a', { text: 'b' });
    await eventually(async () => expect(await stage.texts()).toEqual({ a: 'b' }));

    await install(stage, kind);
    await eventually(async () => expect(await probeIn(stage, kind)).toMatchObject({ spec: { text: 'b' } }));
    await uninstall(stage, kind);
  });

  it('costs no request while it is absent', async () => {
    const kind = addOnKind('absences');
    await using stage = await openStage({ kubeconfig, namespace: 'optional-quiet', controllers: [errands(kind)] });
    await stage.want('a', {});
    await eventually(async () => expect(await stage.condition('a', 'OptionalKindsMissing')).toMatch(/^True/));
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const asked = () =>
      audit.since(start, {}).filter(({ resource, name }) => resource === 'absences' || name.startsWith('absences'));
    await never(() => expect(asked()).not.toEqual([]), { during: 3_000, interval: 500 });
    expect(stage.runner.informers().every(({ isSynced }) => isSynced)).toBe(true);
  });

  it('is there from the first pass when it is installed before the start', async () => {
    const kind = addOnKind('presences');
    const probe = errands(kind);
    await using first = await openStage({ kubeconfig, namespace: 'optional-first', controllers: [probe] });
    await install(first, kind);
    await first.want('a', {});
    await eventually(async () => expect(await probeIn(first, kind)).toBeDefined());
    await eventually(async () => expect(await first.condition('a', 'OptionalKindsMissing')).toBeUndefined());
    await first[Symbol.asyncDispose]();

    await using again = await openStage({ kubeconfig, namespace: 'optional-first', controllers: [probe] });
    await eventually(() => expect(again.passes.length).toBeGreaterThan(0));
    expect(again.passes.flatMap(({ children }) => children.map(({ action }) => action))).not.toContain('Skipped');
    await uninstall(again, kind);
  });

  it.each([
    ['watched', optional(mapped(addOnKind('sightings'), ({ metadata: { namespace } }) => [{ namespace, name: 'a' }]))],
    [
      'named',
      optional(referenced(addOnKind('namings'), ({ spec: { names = [] } }: Errand) => names.map((name) => ({ name })))),
    ],
  ])('may be %s too, and is found once it is there', async (how, watch) => {
    const kind = addOnKind(watch.type.plural);
    const seen: string[] = [];
    const looking = controller<Errand>(Errand, {
      name: 'optional-watcher',
      owns: [],
      watches: [watch],
      reconcile: async ({ metadata: { namespace }, spec }, pass) => {
        const named = spec.names?.map((name) => pass.cache.get(kind, { namespace, name })?.metadata.name) ?? [];
        seen.push(`${named.join()} of ${pass.cache.list(kind).length}`);
        return pass.report({ status: { said: seen.at(-1) ?? '' } });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: `optional-${how}`, controllers: [looking] });
    await stage.want('a', { names: ['one'] });
    await eventually(() => expect(seen.at(-1)).toBe(' of 0'));
    await install(stage, kind);
    const probe = aProbe(kind, 'one', 'x');
    const metadata = { ...probe.metadata, namespace: stage.namespace };
    await eventually(() => stage.client.create<KubeObject>(kind, { ...probe, metadata }));
    await eventually(() => expect(seen.at(-1)).toBe('one of 1'));
    await uninstall(stage, kind);
    await eventually(() => expect(seen.at(-1)).toBe(' of 0'));
  });
});
