import { ConfigMap, Namespace } from '@capstan/kube';
import { AuditLog, eventually, never, writeVerbs } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { setConditions } from '../conditions.ts';
import { TerminalError } from '../errors.ts';
import { controller } from './controller.ts';
import { type Finalize, owned } from './reconciler.ts';
import { aText, Errand, openStage, type StageOptions } from './stage.fixture.ts';

const kubeconfig = inject('kubeconfig');
const finalizer = 'errand.capstan.dev/outside';

/** Something outside the cluster, which errands put a thing into and take it out of. */
class Outside {
  readonly things = new Set<string>();
  isAway = false;
  /** Names whose finalizer was seen when the thing was made. */
  readonly secured: boolean[] = [];
  calls = 0;
}

function errands(outside: Outside, over: Partial<Finalize<Errand>> = {}) {
  return controller<Errand>(Errand, {
    name: 'finalize-operator',
    owns: [owned(ConfigMap)],
    reconcile: async ({ metadata: { name, finalizers }, spec, status }, pass) => {
      outside.secured.push(finalizers?.includes(finalizer) === true);
      outside.things.add(name);
      await pass.apply({ steps: [{ name: 'text', objects: [aText(name, spec.text)] }] });
      const ready = { type: 'Ready', status: 'True', reason: 'Made', message: '' } as const;
      return pass.report({
        status: { said: spec.text, conditions: setConditions(status?.conditions, [ready], { now: pass.now }) },
      });
    },
    finalize: {
      finalizer,
      run: async ({ metadata: { name }, status }, pass) => {
        outside.calls += 1;
        await pass.report({ status: { ...status, said: 'cleaning up' } });
        if (outside.isAway)
          return { waitingFor: { reason: 'OutsideAway', message: 'nobody answers' }, recheckAfterMs: 100 };
        outside.things.delete(name);
        return 'Done';
      },
      ...over,
    },
  });
}

function stageOf(namespace: string, outside: Outside, over?: Partial<Finalize<Errand>>): StageOptions {
  return { kubeconfig, namespace, controllers: [errands(outside, over)] };
}

describe('a finalizer', () => {
  it('is there before the first effect, at one write, and gone when the cleaning up is done', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-life', outside));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    expect((await stage.get('a'))?.metadata.finalizers).toEqual([finalizer]);
    expect(outside.secured).not.toContain(false);
    const [first] = stage.passes;
    const own = first?.calls.filter(({ method, path }) => method === 'PATCH' && path.endsWith('/errands/a')) ?? [];
    expect(own).toHaveLength(1);

    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    expect(outside.things).toEqual(new Set());
  });

  it('holds a resource while the outside is away, says in its status what it waits for, and lets it go afterwards', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-blocked', outside, { deadlineMs: 0 }));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    outside.isAway = true;
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () =>
      expect(await stage.condition('a', 'DeletionBlocked')).toBe(
        'True OutsideAway: nobody answers. To let it go without cleaning up: ' +
          'kubectl annotate errands.errand.capstan.dev a -n finalize-blocked errand.capstan.dev/skip-finalizer=true',
      ),
    );
    expect((await stage.get('a'))?.status?.said).toBe('cleaning up');
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const before = outside.calls;
    await eventually(() => expect(outside.calls).toBeGreaterThan(before + 3));
    expect(audit.since(start, { namespace: stage.namespace, resource: 'errands', verbs: writeVerbs })).toEqual([]);
    const blocked = async () => (await stage.events('a')).filter((reason) => reason === 'DeletionBlocked');
    await eventually(async () => expect(await blocked()).toHaveLength(1));
    outside.isAway = false;
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    expect(outside.things).toEqual(new Set());
    expect(await blocked()).toHaveLength(1);
  });

  it('is on those resources only that want it, and holds one that wanted it once', async () => {
    const outside = new Outside();
    const isWanted = ({ metadata }: Errand) => metadata.labels?.['held'] === 'yes';
    await using stage = await openStage(stageOf('finalize-wanted', outside, { isWanted }));
    await stage.want('free', {});
    await stage.want('held', {}, { labels: { held: 'yes' } });
    for (const name of ['free', 'held'])
      await eventually(async () => expect((await stage.get(name))?.status?.said).toBe('a'));
    expect((await stage.get('free'))?.metadata.finalizers).toBeUndefined();
    await stage.want('held', {}, { labels: { held: 'no' } });
    expect((await stage.get('held'))?.metadata.finalizers).toEqual([finalizer]);
    for (const name of ['free', 'held']) await stage.client.delete(Errand, { namespace: stage.namespace, name });
    await eventually(async () =>
      expect([await stage.get('free'), await stage.get('held')]).toEqual([undefined, undefined]),
    );
    expect(outside.things).toEqual(new Set(['free']));
  });

  it('says nothing of being blocked before its deadline', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-patience', outside));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    outside.isAway = true;
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(() => expect(outside.calls).toBeGreaterThan(3));
    expect(await stage.condition('a', 'DeletionBlocked')).toBeUndefined();
    outside.isAway = false;
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
  });

  it('is skipped where the annotation says so, and an event tells', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-skip', outside));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    outside.isAway = true;
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(() => expect(outside.calls).toBeGreaterThan(0));
    await stage.annotate('a', { 'errand.capstan.dev/skip-finalizer': 'true' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    expect(outside.things).toEqual(new Set(['a']));
    await eventually(async () => expect(await stage.events('a')).toContain('FinalizerSkipped'));
  });

  it('tells of an error that keeps coming, and tries again with back-off', async () => {
    const outside = new Outside();
    const run = async () => {
      outside.calls += 1;
      if (outside.isAway) throw new Error('https://user:hunter2@outside.example refused');
      return 'Done' as const;
    };
    await using stage = await openStage(stageOf('finalize-errors', outside, { deadlineMs: 0, run }));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    outside.isAway = true;
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () =>
      expect(await stage.condition('a', 'DeletionBlocked')).toMatch(
        /^True FinalizerFailed: https:\/\/user:\[redacted\]@outside.example refused\. To let it go/,
      ),
    );
    outside.isAway = false;
    await eventually(async () => expect(await stage.get('a')).toBeUndefined(), { timeout: 20_000 });
  });

  it('tries again after an error that says it waits for an edit: nobody edits what is being deleted', async () => {
    const outside = new Outside();
    const run = async () => {
      if (outside.isAway) throw new TerminalError('OutsideRefused', 'not now');
      return 'Done' as const;
    };
    await using stage = await openStage(stageOf('finalize-terminal', outside, { deadlineMs: 0, run }));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    outside.isAway = true;
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () =>
      expect(await stage.condition('a', 'DeletionBlocked')).toMatch(/^True OutsideRefused: not now\. To let it go/),
    );
    outside.isAway = false;
    await eventually(async () => expect(await stage.get('a')).toBeUndefined(), { timeout: 20_000 });
  });

  it('also runs for a resource that is paused', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-paused', outside));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    await stage.annotate('a', { 'errand.capstan.dev/paused': 'true' });
    await eventually(async () => expect(await stage.condition('a', 'Paused')).toMatch(/^True/));
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined());
    expect(outside.things).toEqual(new Set());
  });

  it('never holds up a namespace that is being deleted beyond its deadline', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-namespace', outside, { deadlineMs: 500 }));
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    outside.isAway = true;
    await stage.client.delete(Namespace, { name: stage.namespace });
    await eventually(async () => expect(await stage.get('a')).toBeUndefined(), { timeout: 30_000 });
    expect(stage.lines.some(({ msg }) => String(msg).includes('its namespace is being deleted'))).toBe(true);
  });

  it('is never put on a resource that is being deleted, and nothing is made for it', async () => {
    const outside = new Outside();
    await using stage = await openStage(stageOf('finalize-late', outside));
    await stage.want(
      'a',
      {},
      { annotations: { 'errand.capstan.dev/paused': 'true' }, finalizers: ['test.capstan.dev/x'] },
    );
    await eventually(async () => expect(await stage.condition('a', 'Paused')).toMatch(/^True/));
    await stage.client.delete(Errand, { namespace: stage.namespace, name: 'a' });
    await stage.annotate('a', { 'errand.capstan.dev/paused': null });
    await eventually(() => expect(stage.passes.at(-1)?.result).toBe('Done'));
    await never(() => expect(outside.things.size).toBeGreaterThan(0), { during: 500 });
    expect((await stage.get('a'))?.metadata.finalizers).toEqual(['test.capstan.dev/x']);
    const body = { metadata: { finalizers: [] } };
    await stage.client.patch(Errand, { namespace: stage.namespace, name: 'a' }, { kind: 'merge', body });
  });
});
