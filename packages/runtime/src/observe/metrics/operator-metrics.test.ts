import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Feed } from '../../feed.ts';
import { RivalCensus } from '../../leader/rival-census.ts';
import { rivalMetrics } from '../../leader/rival-metrics.ts';
import { webhookMetrics } from '../../webhook/webhook-metrics.ts';
import { aPass } from '../a-pass.fixture.ts';
import { metricsContext } from './metrics-context.fixture.ts';
import { OperatorMetrics, type OperatorMetricsOptions } from './operator-metrics.ts';

const everything: OperatorMetricsOptions = {
  operator: { name: 'thing-operator', version: '1.2.3' },
  lease: 'thing-operator',
  further: [
    webhookMetrics(new Feed(() => {})),
    rivalMetrics(new RivalCensus([{ lease: 'former-operator', what: 'the former operator' }])),
  ],
};

/** Every line of samples, by its series. */
function samplesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** `name` and `label, label` of every metric that is registered. */
function familiesIn(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? '');
}

describe('the metrics', () => {
  it('exist from the start, so that rates are true from the first event on', async () => {
    const metrics = await OperatorMetrics.open(metricsContext().context, everything);
    const samples = samplesIn(await metrics.text());
    expect(samples.get('controller_runtime_reconcile_total{controller="thing-operator",result="error"}')).toBe(0);
    expect(samples.get('workqueue_retries_total{name="thing-operator",controller="thing-operator"}')).toBe(0);
    metrics.close();
  });

  it.each([
    ['Done', 'success', 0],
    ['Requeued', 'requeue_after', 0],
    ['Paused', 'success', 0],
    ['Gone', 'success', 0],
    ['Retried', 'error', 1],
    ['TimedOut', 'error', 1],
    ['Refused', 'error', 1],
  ] as const)('count a pass that ended %s as %s', async (result, told, errors) => {
    const { context, passes } = metricsContext();
    const metrics = await OperatorMetrics.open(context);
    passes.publish(aPass({ controller: 'thing-operator', result }));
    const samples = samplesIn(await metrics.text());
    expect(samples.get(`controller_runtime_reconcile_total{controller="thing-operator",result="${told}"}`)).toBe(1);
    expect(samples.get('controller_runtime_reconcile_errors_total{controller="thing-operator"}')).toBe(errors);
    metrics.close();
  });

  it('count every request that a call took', async () => {
    const { context, calls } = metricsContext();
    const metrics = await OperatorMetrics.open(context);
    const call = { method: 'PATCH', path: '/x', startedAt: 0, durationMs: 5, attempts: 3 };
    calls.publish({ ...call, status: 200, setbacks: [429, undefined] });
    const samples = samplesIn(await metrics.text());
    for (const code of ['200', '429', '<error>'])
      expect(samples.get(`rest_client_requests_total{code="${code}",method="PATCH",host="10.0.0.1:6443"}`)).toBe(1);
    metrics.close();
  });

  it('read the queue and the caches when they are asked', async () => {
    const metrics = await OperatorMetrics.open(metricsContext().context);
    for (const _ of [1, 2]) {
      const samples = samplesIn(await metrics.text());
      const queue = '{name="thing-operator",controller="thing-operator"}';
      const cache = 'controller="thing-operator",kind="ConfigMap"';
      expect(samples.get(`workqueue_depth${queue}`)).toBe(1);
      expect(samples.get(`workqueue_adds_total${queue}`)).toBe(9);
      expect(samples.get(`workqueue_longest_running_processor_seconds${queue}`)).toBe(3);
      expect(samples.get(`capstan_informer_age_seconds{${cache}}`)).toBe(2);
      expect(samples.get(`capstan_informer_objects{${cache}}`)).toBe(7);
      expect(samples.get(`capstan_informer_relists_total{${cache},reason="Expired"}`)).toBe(2);
    }
    metrics.close();
  });

  it('never name a resource', async () => {
    const { context, passes, hotLoops } = metricsContext();
    const metrics = await OperatorMetrics.open(context, everything);
    const pass = aPass({ name: 'a-secret-name', namespace: 'a-secret-place', error: 'a-secret-reason' });
    passes.publish({ ...pass, result: 'Retried', children: [{ child: 'Pod/a-secret-child', action: 'Failed' }] });
    hotLoops.publish(pass);
    expect(await metrics.text()).not.toContain('a-secret');
    metrics.close();
  });

  it('stop to count when they are closed', async () => {
    const { context, passes } = metricsContext();
    const metrics = await OperatorMetrics.open(context);
    metrics.close();
    passes.publish(aPass());
    expect((await metrics.text()).trim()).toBe('');
  });

  it('are those of the page about them, each with its labels', async () => {
    const { context, passes, calls } = metricsContext();
    const metrics = await OperatorMetrics.open(context, everything);
    passes.publish(aPass({ controller: 'thing-operator' }));
    calls.publish({ method: 'GET', path: '/', startedAt: 0, durationMs: 1, attempts: 1, status: 200, setbacks: [] });
    const page = readFileSync(new URL('../../../../../docs/guide/metrics.md', import.meta.url), 'utf8');
    const told = [...page.matchAll(/^\| `([a-z_]+)` \| ([^|]*) \|/gm)].map(([, name = '', labels = '']) => ({
      name,
      labels: [...labels.matchAll(/`([a-z_]+)`/g)].map(([, label]) => label),
    }));
    const ofProcess = /^(process|nodejs)_/;
    const families = familiesIn(await metrics.text());
    expect(
      told
        .map(({ name }) => name)
        .filter((name) => !ofProcess.test(name))
        .sort(),
    ).toEqual(families.filter((name) => !ofProcess.test(name)).sort());
    for (const { name } of told) expect(families).toContain(name);
    for (const { name, labels } of metrics.families()) {
      if (!ofProcess.test(name))
        expect([name, told.find((each) => each.name === name)?.labels]).toEqual([name, labels]);
    }
    metrics.close();
  });
});
