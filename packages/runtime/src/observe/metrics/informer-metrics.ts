import { kindNameOf } from '@capstan/kube';
import type { RunnerView, Watching } from '../../controller/controller.ts';
import type { Meter, MetricSet } from './meter.ts';

/** The informers of one kind of one controller, over all its namespaces. */
interface Watched {
  readonly labels: { readonly controller: string; readonly kind: string };
  readonly informers: readonly Watching[];
}

function watchedBy(runner: RunnerView): readonly Watched[] {
  const byKind = Map.groupBy(runner.informers(), ({ type }) => kindNameOf(type));
  return [...byKind].map(([kind, informers]) => ({ labels: { controller: runner.name, kind }, informers }));
}

type Reading = (informers: readonly Watching[]) => number | undefined;

/** What is told of the informers of a kind together. The oldest speaks for all: one dead watch must show. */
const gauges: readonly (readonly [string, string, Reading])[] = [
  [
    'capstan_informer_age_seconds',
    'Seconds since the API server was last heard by the watch of this kind that has been silent longest',
    (informers) => {
      const ages = informers.map((informer) => informer.health().lastContactAgeMs).filter((age) => age !== undefined);
      return ages.length === 0 ? undefined : Math.max(...ages) / 1_000;
    },
  ],
  [
    'capstan_informer_objects',
    'Objects of this kind in memory',
    (informers) => informers.reduce((sum, { size }) => sum + size, 0),
  ],
  [
    'capstan_informer_synced',
    '1 once the cache of this kind is complete, 0 before',
    (informers) => (informers.every(({ isSynced }) => isSynced) ? 1 : 0),
  ],
];

/** `capstan_informer_*`: whether caches are complete and fresh, and why they were filled anew. All of it is read when asked. */
export const informerMetrics: MetricSet = (meter) => {
  measureHealth(meter);
  countSnapshots(meter);
  return undefined;
};

function measureHealth({ prometheus: { Gauge }, registry, context: { runners } }: Meter): void {
  for (const [name, help, read] of gauges) {
    new Gauge({
      ...{ name, help, labelNames: ['controller', 'kind'], registers: [registry] },
      collect() {
        this.reset();
        for (const { labels, informers } of runners.flatMap(watchedBy)) {
          const value = read(informers);
          if (value !== undefined) this.set(labels, value);
        }
      },
    });
  }
}

function countSnapshots({ prometheus: { Counter }, registry, context: { runners } }: Meter): void {
  new Counter({
    name: 'capstan_informer_relists_total',
    help: 'Fresh snapshots taken of a kind, by reason; Start is the first one',
    labelNames: ['controller', 'kind', 'reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, informers } of runners.flatMap(watchedBy))
        for (const informer of informers)
          for (const [reason, count] of Object.entries(informer.health().relists))
            this.inc({ ...labels, reason }, count);
    },
  });
  new Counter({
    name: 'capstan_informer_reconnects_total',
    help: 'Watches of a kind begun anew from where the last one ended',
    labelNames: ['controller', 'kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, informers } of runners.flatMap(watchedBy))
        for (const informer of informers) this.inc(labels, informer.health().reconnects);
    },
  });
}
