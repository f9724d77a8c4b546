import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ExportedSeries, exporters } from './exported-series.ts';
import type { ScrapeTarget } from './prometheus.ts';

/** One cluster of brokers whose series are told. */
export interface ToldCluster {
  readonly namespace: string;
  readonly name: string;
  readonly brokers: number;
}

/** Values of labels of which a series has one each; the other labels are those of the objects of a cluster. */
const choices: Readonly<Record<string, readonly string[]>> = {
  uid: ['u'],
  node: ['n'],
  image: ['i'],
  name: ['tenants', 'bandwidth-in'],
  id: ['/i'],
  interface: ['eth0'],
  storageclass: ['fast'],
  volumename: ['v'],
  volumemode: ['Filesystem'],
  container: ['streambus', 'proxy'],
  reason: ['ContainerCreating'],
  resource: ['memory', 'cpu'],
  unit: ['byte'],
  phase: ['Running', 'Bound'],
  condition: ['true', 'false'],
  type: ['used', 'hard'],
  proxy: ['clients', 'broker', 'ready'],
  server: ['broker'],
  state: ['UP', 'DOWN'],
};

/**
 * Tells the series of {@link exporters} for some clusters: counters and volumes grow with every scrape, everything else is 1.
 * It stands in for the exporters of a Kubernetes cluster, not for what they find.
 */
export class ExporterStandIns implements AsyncDisposable {
  readonly #server: Server;
  readonly #clusters: readonly ToldCluster[];
  #scrapes = 0;

  private constructor(clusters: readonly ToldCluster[]) {
    this.#clusters = clusters;
    this.#server = createServer(({ url }, response) => {
      this.#scrapes += 1;
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(this.#text(url ?? ''));
    });
  }

  static async start(clusters: readonly ToldCluster[]): Promise<ExporterStandIns> {
    const standIns = new ExporterStandIns(clusters);
    standIns.#server.listen(0, '127.0.0.1');
    await once(standIns.#server, 'listening');
    return standIns;
  }

  /** What Prometheus has to scrape: what tells of all pods, and each pod. */
  get targets(): readonly ScrapeTarget[] {
    // A server that listens on TCP has an address of this form.
    const base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const pods = this.#clusters.flatMap((cluster) =>
      podsOf(cluster).map((pod) => ({
        url: new URL(`${base}/pods/${cluster.namespace}/${pod}`),
        labels: { namespace: cluster.namespace, pod },
      })),
    );
    return [{ url: new URL(`${base}/cluster`), labels: {} }, ...pods];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #text(path: string): string {
    const isPod = path.startsWith('/pods/');
    const told = Object.values(exporters)
      .filter(({ addedLabels }) => addedLabels.includes('pod') === isPod)
      .flatMap(({ series }) => series)
      .filter(({ name }) => name !== 'up');
    const lines = told.flatMap((series) => {
      const places = isPod ? [{}] : this.#clusters.flatMap((cluster) => placesOf(cluster, series));
      return [`# TYPE ${series.name} ${series.type}`, ...places.flatMap((place) => this.#samples(series, place))];
    });
    return `${lines.join('\n')}\n`;
  }

  #samples({ name, type, labels }: ExportedSeries, place: Readonly<Record<string, string>>): readonly string[] {
    const grows = type === 'counter' || name.endsWith('_used_bytes');
    const value = grows ? this.#scrapes : 1;
    return combinations(labels, place).map((each) => {
      const text = Object.entries(each).map(([label, text]) => `${label}="${text}"`);
      return `${name}{${text.join(',')}} ${value}`;
    });
  }
}

function podsOf({ name, brokers }: ToldCluster): readonly string[] {
  return Array.from({ length: brokers }, (_, ordinal) => `${name}-${ordinal}`);
}

/** The objects of a cluster that a series tells of, by its labels. */
function placesOf(cluster: ToldCluster, { labels }: ExportedSeries): readonly Readonly<Record<string, string>>[] {
  const { namespace, name } = cluster;
  const pods = podsOf(cluster);
  if (labels.includes('pod')) return pods.map((pod) => ({ namespace, pod }));
  if (labels.includes('persistentvolumeclaim'))
    return pods.flatMap((pod) =>
      ['data', 'raft-data'].map((claim) => ({ namespace, persistentvolumeclaim: `${claim}-${pod}` })),
    );
  const kind = labels.find((label) => ['statefulset', 'poddisruptionbudget', 'resourcequota'].includes(label));
  if (kind === undefined) throw new Error(`no object has the labels ${labels.join(', ')}`);
  return [{ namespace, [kind]: name }];
}

/** Every combination of the values of labels, those of the place being settled. */
function combinations(
  labels: readonly string[],
  place: Readonly<Record<string, string>>,
): readonly Readonly<Record<string, string>>[] {
  return labels.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, label) => {
      if (label in place) return all;
      const values = choices[label];
      if (values === undefined) throw new Error(`no values for the label ${label}`);
      return all.flatMap((each) => values.map((value) => ({ ...each, [label]: value })));
    },
    [place],
  );
}
