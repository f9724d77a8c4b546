import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Manager } from '../manager.ts';
import { aKeptLog, aSpecimen, installSpecimens, Specimen, specimens } from './observed-operator.fixture.ts';
import type { PassRecord } from './pass-record.ts';
import { traceExporter } from './trace-exporter.ts';

const namespace = 'observe-traces';

/** A span as OTLP sends it in JSON, as far as it is looked at. */
interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** Receives traces as a collector does, and keeps them. */
class Collector {
  readonly spans: SentSpan[] = [];
  readonly services: string[] = [];
  readonly #server = createServer((request, response) => {
    void textOf(request).then((text) => {
      if (request.url === '/v1/traces') this.#take(JSON.parse(text));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on a port, so this is its form
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take({ resourceSpans }: { readonly resourceSpans: readonly ResourceSpans[] }): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const name = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
      this.services.push(String(name));
      this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
    }
  }
}

interface ResourceSpans {
  readonly resource: Pick<SentSpan, 'attributes'>;
  readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const kept = aKeptLog();
const collector = new Collector();
const stop = new AbortController();
const records: PassRecord[] = [];
let client: KubeClient;
let ended: Promise<void> = Promise.resolve();

beforeAll(async () => {
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  client = createClient(connection);
  await installSpecimens(client, namespace);
  const endpoint = await collector.start();
  const operator = { name: 'specimen-operator', version: '1.2.3' };
  const manager = new Manager({
    ...{ connection, log: kept.log, controllers: [specimens], namespaces: [namespace] },
    beside: [
      traceExporter({ operator, endpoint, environment: {} }),
      ({ passes }) => ({
        name: 'records',
        start: async () => void passes.subscribe((pass) => records.push(pass)),
        stop: async () => {},
      }),
    ],
  });
  ended = manager.run(stop.signal);
});

afterAll(async () => {
  stop.abort();
  await ended;
  collector.stop();
  await client?.close();
});

describe('a pass', () => {
  it('becomes a span with one below it per request, under the identifiers that its requests carried', async () => {
    await client.create(Specimen, aSpecimen(namespace, 'traced'));
    const record = await eventually(() => {
      const found = records.find(({ name, calls }) => name === 'traced' && calls.length > 0);
      expect(found).toBeDefined();
      return found;
    });
    stop.abort(); // What waits to be sent is sent on the way out.
    await ended;
    const traceId = record?.reconcileID.replaceAll('-', '');
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    const root = spans.find(({ name }) => name === 'reconcile Specimen');
    expect(root?.spanId).toBe(traceId?.slice(16));
    const attribute = (key: string) => root?.attributes.find((each) => each.key === key)?.value;
    expect(attribute('k8s.namespace.name')).toEqual({ stringValue: namespace });
    expect(attribute('capstan.resource.name')).toEqual({ stringValue: 'traced' });
    const calls = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
    expect(calls.map(({ name }) => name)).toEqual(record?.calls.map(({ method }) => method));
    expect(collector.services).toContain('specimen-operator');
  });
});
