import { type ChildAction, type Meter, type MetricSet, type PassRecord, reconcileResultOf } from '@capstan/runtime';
import type { Phase } from './api/v1alpha1/status.ts';
import type { ClusterFigure, Figures } from './figures.ts';

/**
 * The operator's metrics under the names that Prism's dashboards have for them. `prism_operator_*` are counted from passes;
 * `prism_cluster_*` are read from the figures whenever somebody asks. These have the name of a cluster in their labels, as
 * asked for: there are a few series for each cluster, for as long as it exists.
 */
export function prismMetrics(figures: Figures): MetricSet {
  return (meter) => {
    clusterGauges(meter, figures);
    const counters = [passCounter(meter), childCounter(meter), forgetter(figures)];
    return meter.context.passes.subscribe((pass) => {
      for (const count of counters) count(pass);
    });
  };
}

type Listener = (pass: PassRecord) => void;

/** Passes by the kind of their resources, such as `prismcluster`. One that was refused or failed is an error. */
function passCounter({ prometheus: { Counter, Histogram }, registry }: Meter): Listener {
  const common = { labelNames: ['controller'] as const, registers: [registry] };
  const named = (name: string, help: string) => ({ name: `prism_operator_reconcile_${name}`, help, ...common });
  const errors = new Counter(named('errors_total', 'Reconciliations that failed or were refused'));
  const success = new Counter(named('success_total', 'Reconciliations that succeeded'));
  const duration = new Histogram({
    ...named('duration_seconds', 'How long reconciliations take'),
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
  });
  for (const counter of [errors, success]) counter.inc({ controller: 'prismcluster' }, 0);
  return (pass) => {
    const controller = kindOf(pass.kind);
    (reconcileResultOf(pass) === 'error' ? errors : success).inc({ controller });
    duration.observe({ controller }, pass.durationMs / 1_000);
  };
}

const deeds: Readonly<Partial<Record<ChildAction, 'created' | 'updated' | 'deleted'>>> = {
  Created: 'created',
  Recreated: 'created',
  Updated: 'updated',
  Repaired: 'updated',
  Adopted: 'updated',
  Pruned: 'deleted',
  Recreating: 'deleted',
};

/** Objects that were made, changed and deleted for clusters, by kind, such as `statefulset`. */
function childCounter({ prometheus: { Counter }, registry }: Meter): Listener {
  const counter = (deed: string) =>
    new Counter({
      name: `prism_operator_resource_${deed}_total`,
      help: `Objects of clusters that were ${deed}`,
      labelNames: ['resource_type'],
      registers: [registry],
    });
  const counters = { created: counter('created'), updated: counter('updated'), deleted: counter('deleted') };
  return ({ children }) => {
    for (const { child, action } of children) {
      const deed = deeds[action];
      if (deed !== undefined) counters[deed].inc({ resource_type: kindOf(child) });
    }
  };
}

/** The kind in `StatefulSet/orders-redis` or `PrismCluster.prism.io`, in lower case. */
function kindOf(text: string): string {
  return (text.split(/[/.]/, 1)[0] ?? '').toLowerCase();
}

function forgetter(figures: Figures): Listener {
  return ({ result, namespace, name }) => {
    if (result === 'Gone') figures.forget({ namespace, name });
  };
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function clusterGauges({ prometheus: { Gauge }, registry }: Meter, figures: Figures): void {
  const gauge = (name: string, help: string, label: string, samplesOf: (figure: ClusterFigure) => readonly Sample[]) =>
    new Gauge({
      ...{ name, help, labelNames: ['namespace', 'cluster', label], registers: [registry] },
      collect() {
        this.reset();
        for (const figure of figures.clusters()) {
          const of = { namespace: figure.namespace, cluster: figure.name };
          for (const { labels, value } of samplesOf(figure)) this.set({ ...of, ...labels }, value);
        }
      },
    });
  gauge('prism_cluster_phase', '1 for the phase that a cluster is in, 0 for the others', 'phase', phaseSamples);
  gauge('prism_cluster_components_ready', '1 for a component that is ready', 'component', componentSamples);
  gauge('prism_cluster_patterns_ready', '1 for a pattern that is ready', 'pattern', patternSamples);
}

/** The values of the label `phase`. */
const phases: Readonly<Record<Phase, string>> = {
  Pending: 'pending',
  Running: 'running',
  Degraded: 'degraded',
  Failed: 'failed',
};

function phaseSamples({ status }: ClusterFigure): readonly Sample[] {
  return Object.entries(phases).map(([name, phase]) => ({ labels: { phase }, value: Number(name === status.phase) }));
}

/** By their names without `prism-`. */
function componentSamples({ status }: ClusterFigure): readonly Sample[] {
  const { adminStatus, proxyStatus, backendStatus = [] } = status;
  return [adminStatus, proxyStatus, ...backendStatus].flatMap((component) => {
    if (component === undefined) return [];
    const { name, ready } = component;
    return [{ labels: { component: name.replace(/^prism-/, '') }, value: Number(ready) }];
  });
}

/** By their names without `-runner`. */
function patternSamples({ status }: ClusterFigure): readonly Sample[] {
  return (status.patternStatus ?? []).map(({ name, ready }) => ({
    labels: { pattern: name.replace(/-runner$/, '') },
    value: Number(ready),
  }));
}
