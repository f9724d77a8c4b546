import { ConfigMap } from '@capstan/kube';
import { eventually, never } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import { controller } from './controller.ts';
import { type ControllerOptions, owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const kubeconfig = inject('kubeconfig');

function errands(over: Partial<ControllerOptions<Errand>>) {
  return controller<Errand>(Errand, {
    name: 'limits-operator',
    owns: [owned(ConfigMap)],
    reconcile: async (_errand, pass) => pass.report({ status: {} }),
    ...over,
  });
}

describe('a pass that takes too long', () => {
  it('is cut off by its signal, told in its record, and tried again', async () => {
    let attempts = 0;
    const slow = errands({
      passDeadlineMs: 200,
      reconcile: async ({ spec }, pass) => {
        attempts += 1;
        if (attempts === 1)
          await new Promise((_, reject) => pass.signal.addEventListener('abort', () => reject(pass.signal.reason)));
        return pass.report({ status: { said: spec.text } });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-slow', controllers: [slow] });
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    expect(stage.passes[0]).toMatchObject({
      result: 'TimedOut',
      error: 'the pass took longer than 0.2 s and was cut off: look for a call without "signal: pass.signal"',
    });
  });

  it('can do nothing more afterwards, although it goes on', async () => {
    const outcomes: string[] = [];
    const deaf = errands({
      passDeadlineMs: 100,
      reconcile: async ({ spec }, pass) => {
        if (outcomes.length > 0) return pass.report({ status: {} });
        await new Promise((resolve) => pass.signal.addEventListener('abort', resolve));
        for (const attempt of [
          () => pass.apply({ steps: [{ name: 'text', objects: [aText('late', spec.text)] }] }),
          () => pass.report({ status: { said: 'late' } }),
        ])
          outcomes.push(
            await attempt().then(
              () => 'done',
              (error: Error) => error.name,
            ),
          );
        return {};
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-late', controllers: [deaf] });
    await stage.want('a', {});
    await eventually(() => expect(outcomes).toEqual(['PassTimeout', 'PassTimeout']));
    expect(await stage.texts()).toEqual({});
  });

  it('frees its worker also when it never ends, keeps its resource to itself, and is shown as stuck', async () => {
    const release = Promise.withResolvers<void>();
    const stuck = errands({
      concurrency: 1,
      passDeadlineMs: 100,
      reconcile: async ({ metadata: { name }, spec }, pass) => {
        if (name === 'a' && spec.text === 'a') await release.promise;
        return pass.report({ status: { said: spec.text } });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-stuck', controllers: [stuck] });
    await stage.want('a', {});
    await eventually(() => expect(stage.runner.queueDepth().running).toBe(1));
    await stage.want('b', {});
    await eventually(async () => expect((await stage.get('b'))?.status?.said).toBe('a'), { timeout: 15_000 });
    // The status of a pass is there a moment before its worker is free again.
    await eventually(() => expect(stage.runner.queueDepth()).toMatchObject({ stuck: 1, running: 1 }));
    expect(stage.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        name: 'a',
        trigger: 'resource appeared',
        runningMs: expect.any(Number),
      }),
    );
    await stage.want('a', { text: 'b' });
    await never(async () => expect((await stage.get('a'))?.status?.said).toBe('b'), { during: 500, interval: 100 });
    release.resolve();
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('b'));
    expect(stage.runner.queueDepth().stuck).toBe(0);
  });

  it('does not keep the manager from stopping', async () => {
    const endless = errands({ passDeadlineMs: 100, reconcile: () => new Promise(() => {}) });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-stop', controllers: [endless] });
    await stage.want('a', {});
    await eventually(() => expect(stage.runner.queueDepth().running).toBe(1));
    await stage[Symbol.asyncDispose]();
    expect(stage.lines).toContainEqual(expect.objectContaining({ msg: 'stopped' }));
  });
});

describe('a rate', () => {
  it('limits the passes of a controller, whatever asks for them', async () => {
    const limited = errands({ rate: { passesPerSecond: 4, burst: 2 } });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-rate', controllers: [limited] });
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => stage.want(name, {})));
    await eventually(() => expect(new Set(stage.passes.map(({ name }) => name)).size).toBe(6));
    const starts = stage.passes.map(({ startedAt }) => Date.parse(startedAt)).sort((a, b) => a - b);
    // Two at once and four a quarter of a second apart; how exactly is shown with the queue's own clock.
    expect((starts.at(5) ?? 0) - (starts.at(0) ?? 0)).toBeGreaterThan(900);
  });
});

describe('an error of one resource', () => {
  it('never reaches the others', async () => {
    const failing = errands({
      concurrency: 1,
      reconcile: async ({ metadata: { name }, spec }, pass) => {
        if (name === 'a') throw null;
        return pass.report({ status: { said: spec.text } });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-errors', controllers: [failing] });
    await stage.want('a', {});
    await eventually(() => expect(stage.passes[0]?.result).toBe('Retried'));
    await stage.want('b', {});
    await eventually(async () => expect((await stage.get('b'))?.status?.said).toBe('a'));
  });
});

describe('events of what a pass did', () => {
  it('are recorded although its status could not be written, and not twice', async () => {
    let conflicts = 0;
    const edited = errands({
      reconcile: async ({ metadata, spec }, pass) => {
        const outcome = await pass.apply({ steps: [{ name: 'text', objects: [aText(metadata.name, spec.text)] }] });
        const wasMade = outcome.children.some(({ action }) => action === 'Created');
        // Somebody edits the resource while the pass runs: its status write is refused once.
        if (wasMade) {
          conflicts += 1;
          await stage.want(metadata.name, { text: spec.text, names: ['edited'] });
        }
        const events = wasMade
          ? [{ type: 'Normal', reason: 'TextMade', action: 'Apply', note: 'made the text' } as const]
          : [];
        return pass.report({ status: { said: spec.text }, events });
      },
    });
    await using stage = await openStage({ kubeconfig, namespace: 'limits-conflict', controllers: [edited] });
    await stage.want('a', {});
    await eventually(async () => expect((await stage.get('a'))?.status?.said).toBe('a'));
    expect(conflicts).toBe(1);
    expect(stage.passes[0]).toMatchObject({ result: 'Retried' });
    await eventually(async () =>
      expect((await stage.events('a')).filter((reason) => reason === 'TextMade')).toHaveLength(1),
    );
  });
});
