import { fileURLToPath } from 'node:url';
import { ConfigMap, createClient, loadKubeConfig, Namespace, Pod, Secret } from '@capstan/kube';
import { controller, owned } from '@capstan/runtime';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { FakeClock } from '../fake-clock.ts';
import { Shelf, shelves } from './shelf.fixture.ts';
import { openWorld } from './world.ts';

describe('a world', () => {
  it('has an operator at work in a namespace of its own, and says what became of a resource', async () => {
    await using world = await openWorld({ controllers: [shelves], name: 'first' });
    await world.apply(Shelf, { metadata: { name: 'poems' }, spec: { books: { haiku: 'frog' } } });
    const ready = await world.untilCondition(Shelf, 'poems', 'Ready');
    expect(ready.reason).toBe('Complete');
    expect((await world.get(ConfigMap, 'poems-haiku'))?.data).toEqual({ text: 'frog', colour: 'red' });
    expect(world.passes('poems')[0]?.children).toContainEqual({ child: 'ConfigMap/poems-haiku', action: 'Created' });
    expect(world.logs().map(({ msg }) => msg)).toContain('child');
  });

  it('counts the writes of an operator exactly', async () => {
    await using world = await openWorld({ controllers: [shelves] });
    const write = (title: string) =>
      world.apply(Shelf, { metadata: { name: 'novels' }, spec: { books: { [title]: 'once upon a time' } } });
    await world.expectWrites({ 'patch configmaps': 1, 'patch shelves/status': 1 }, () => write('one'));
    await world.expectWrites(0, () => world.restartOperator());
    await world.expectWrites(1, () => world.edit(ConfigMap, 'novels-one', { data: { text: 'scribbles' } }));
    expect((await world.events(Shelf, 'novels')).map(({ reason }) => reason)).toEqual(['DriftRepaired']);
    const mistaken = world.expectWrites(1, () => write('two'));
    await expect(mistaken).rejects.toThrow(
      /expected 1 writes of the operator, but there were [23]:\n {2}patch configmaps/,
    );
  });

  it('shares its control plane with others without meeting them', async () => {
    await using here = await openWorld({ controllers: [shelves], name: 'here' });
    await using there = await openWorld({ controllers: [shelves], name: 'there' });
    await there.stopOperator();
    await Promise.all(
      [here, there].map((world) => world.apply(Shelf, { metadata: { name: 'same' }, spec: { books: { a: 'b' } } })),
    );
    await here.untilCondition(Shelf, 'same', 'Ready');
    await here.settled();
    expect(await there.conditions(Shelf, 'same')).toEqual([]);
    expect(there.writes()).toEqual([]);
  });

  it('has pods that behave as told, those that are there and those to come', async () => {
    await using world = await openWorld({ controllers: [shelves] });
    await world.podsAre('never-ready');
    await world.apply(Shelf, { metadata: { name: 'library' }, spec: { books: {}, staff: 2 } });
    await world.untilCondition(Shelf, 'library', 'Reconciling');
    await world.eventually(async () => {
      const pods = await world.list(Pod);
      expect(pods.map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
    });
    expect((await world.conditions(Shelf, 'library')).find(({ type }) => type === 'Ready')?.status).toBe('False');
    await world.podsAre('ready');
    await world.untilCondition(Shelf, 'library', 'Ready');
  });

  it('gives its operator the permissions it declares and no others', async () => {
    await using world = await openWorld({ controllers: [shelves] });
    const operator = createClient(world.operatorConnection);
    await using _closed = { [Symbol.asyncDispose]: () => operator.close() };
    const { namespace } = world;
    await expect(operator.list(ConfigMap, { namespace })).resolves.toBeDefined();
    await expect(operator.list(Secret, { namespace })).rejects.toMatchObject({ status: 403 });
    await expect(operator.list(ConfigMap, { namespace: 'default' })).rejects.toMatchObject({ status: 403 });
    expect((await world.permissions()).forbidden).toEqual(['list configmaps', 'list secrets']);
  });

  it("names the operator's last words when what is awaited never comes", async () => {
    await using world = await openWorld({ controllers: [shelves] });
    await world.apply(Shelf, { metadata: { name: 'empty' }, spec: { books: { 'Not-A-Name': 'x' } } });
    const waiting = world.untilCondition(Shelf, 'empty', 'Ready', 'True', { timeout: 2_000 });
    const message = await waiting.then(String, String);
    expect(message).toContain('Shelf/empty is not Ready=True; its conditions are');
    expect(message).toContain('Stalled=True');
    expect(message.slice(message.indexOf("the operator's last lines:"))).toContain('Not-A-Name');
  });

  it('moves the time of its operator when told', async () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    const patient = controller<Shelf>(Shelf, {
      name: 'patient-operator',
      owns: [owned(ConfigMap)],
      reconcile: async (_, pass) => {
        seen.push(pass.now);
        return pass.report({ status: {}, recheckAfterMs: 3_600_000 });
      },
    });
    await using world = await openWorld({ controllers: [patient], clock });
    await world.apply(Shelf, { metadata: { name: 'slow' }, spec: { books: {} } });
    await world.eventually(() => expect(seen).toEqual(['2026-01-01T00:00:00Z']));
    await world.settled();
    await clock.advance(3_600_000);
    await world.eventually(() => expect(seen).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z']));
  });

  it('leaves nothing behind, not even what the finalizer of a stopped operator holds', async () => {
    const namespace = await (async () => {
      await using world = await openWorld({ controllers: [shelves], name: 'held' });
      const held = { name: 'held', finalizers: ['testkit.capstan.dev/never'] };
      await world.apply(Shelf, { metadata: held, spec: { books: {} } });
      await world.stopOperator();
      return world.namespace;
    })();
    const admin = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
    const gone = async () => expect(await admin.get(Namespace, { name: namespace })).toBeUndefined();
    await eventually(gone, { timeout: 30_000 });
    await admin.close();
  });

  it('runs its operator as a program, which can be killed and told to stop', async () => {
    const program = { main: fileURLToPath(new URL('shelf-operator.fixture.ts', import.meta.url)) };
    await using world = await openWorld({ controllers: [shelves], program });
    await world.apply(Shelf, { metadata: { name: 'poems' }, spec: { books: { one: 'a' } } });
    await world.untilCondition(Shelf, 'poems', 'Ready');
    await world.killOperator();
    await world.edit(ConfigMap, 'poems-one', { data: { text: 'torn' } });
    await world.startOperator();
    await world.eventually(async () => expect((await world.get(ConfigMap, 'poems-one'))?.data?.['text']).toBe('a'));
    await world.stopOperator();
    expect(world.logs().at(-1)).toMatchObject({ level: 'info', msg: 'stopped' });
    const { forbidden } = await world.permissions();
    expect(forbidden).toEqual([]);
  });

  it('says at once that its operator could not start, and why', async () => {
    const opening = openWorld({ controllers: [shelves], program: { main: '/does/not/exist.ts' } });
    await expect(opening).rejects.toThrow(/the operator ended with exit code 1; its log ends with:[\s\S]*exist\.ts/);
  });
});
