import type { Span, Tracer } from '@opentelemetry/api';
import type { IdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { type Millis, seconds } from '../duration.ts';
import { redactText } from '../redact.ts';
import type { ManagerContext, Runnable } from '../runnable.ts';
import type { BuildInfo } from './metrics/process-metrics.ts';
import { spanIdentityOf } from './pass-headers.ts';
import type { CallRecord, PassRecord } from './pass-record.ts';

export interface TraceExporterOptions {
  /** Becomes `service.name` and `service.version`, unless `OTEL_SERVICE_NAME` says otherwise. */
  readonly operator: BuildInfo;
  /** Where spans go, without `/v1/traces`; `OTEL_EXPORTER_OTLP_ENDPOINT` unless told. Without either nothing is loaded or sent. */
  readonly endpoint?: string | undefined;
  /** The environment to read; that of the process unless told. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** How long the last spans may take to be sent. */
const flushLimit: Millis = seconds(2);

/** How long one export may take, its repetitions included. */
const exportLimit: Millis = seconds(10);

/** The variables of OpenTelemetry that name an endpoint. https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const endpointVariables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;

/**
 * Sends a span per pass, with one below it per call to the API server, by OTLP over HTTP. Spans are made of
 * {@link PassRecord}s when passes have ended; their trace ID is the reconcileID, so that a log line leads to its trace.
 * Requests of passes carry `traceparent` from then on. Does nothing at all where no endpoint is named.
 */
export function traceExporter(options: TraceExporterOptions): (context: ManagerContext) => Runnable {
  return (context) => new TraceExporter(options, context);
}

class TraceExporter implements Runnable {
  readonly name = 'traces';
  readonly #options: TraceExporterOptions;
  readonly #context: ManagerContext;
  #provider: TracerProvider | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: TraceExporterOptions, context: ManagerContext) {
    this.#options = options;
    this.#context = context;
  }

  async start(): Promise<void> {
    const { endpoint, environment = process.env } = this.#options;
    const isNamed = endpoint !== undefined || endpointVariables.some((name) => Boolean(environment[name]));
    if (!isNamed || environment['OTEL_SDK_DISABLED'] === 'true') return;
    const { passes, propagation, log } = this.#context;
    const ids = new PassIds();
    this.#provider = await providerOf(this.#options, environment, ids, log);
    const spans = await PassSpans.from(this.#provider.getTracer('capstan'), ids);
    this.#unsubscribe = passes.subscribe((pass) => spans.tell(pass));
    propagation.isOn = true;
    log.info('sending traces');
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#context.propagation.isOn = false;
    const provider = this.#provider;
    if (provider === undefined) return;
    const flushed = new AbortController();
    const limit = this.#context.clock.sleep(flushLimit, flushed.signal).catch(() => {});
    await Promise.race([provider.shutdown().catch(() => {}), limit]);
    flushed.abort(); // A timer left behind would keep the process.
  }
}

async function providerOf(
  { operator, endpoint }: TraceExporterOptions,
  environment: Readonly<Record<string, string | undefined>>,
  idGenerator: IdGenerator,
  log: Logger,
): Promise<TracerProvider> {
  const [{ DiagLogLevel, diag }, { BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const tell = (text: string) => log.warn({ reason: redactText(text) }, 'traces could not be sent');
  const silent = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
  const exporter = new OTLPTraceExporter({
    timeoutMillis: exportLimit,
    ...(endpoint !== undefined && { url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
  });
  return new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes(resourceAttributesOf(operator, environment)))
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator,
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
}

/** Names from https://opentelemetry.io/docs/specs/semconv/resource/k8s/ */
function resourceAttributesOf(
  { name, version }: BuildInfo,
  { POD_NAME: pod, POD_NAMESPACE: namespace }: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return {
    'service.name': name,
    'service.version': version,
    ...(pod !== undefined && { 'k8s.pod.name': pod }),
    ...(namespace !== undefined && { 'k8s.namespace.name': namespace }),
  };
}

/** Gives the span of a pass the identifiers that its requests carried, and every other span random ones. */
class PassIds implements IdGenerator {
  #traceId: string | undefined;
  #spanId: string | undefined;

  /** The next trace and the next span are those of this pass, whichever is asked for first. */
  prepare(reconcileID: string): void {
    const { traceId, spanId } = spanIdentityOf(reconcileID);
    this.#traceId = traceId;
    this.#spanId = spanId;
  }

  generateTraceId(): string {
    const traceId = this.#traceId ?? randomHex(32);
    this.#traceId = undefined;
    return traceId;
  }

  generateSpanId(): string {
    const spanId = this.#spanId ?? randomHex(16);
    this.#spanId = undefined;
    return spanId;
  }
}

function randomHex(length: number): string {
  return crypto.randomUUID().replaceAll('-', '').slice(-length);
}

type Api = typeof import('@opentelemetry/api');

/** Tells passes as spans. */
class PassSpans {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #ids: PassIds;

  private constructor(api: Api, tracer: Tracer, ids: PassIds) {
    this.#api = api;
    this.#tracer = tracer;
    this.#ids = ids;
  }

  static async from(tracer: Tracer, ids: PassIds): Promise<PassSpans> {
    return new PassSpans(await import('@opentelemetry/api'), tracer, ids);
  }

  tell(pass: PassRecord): void {
    const { ROOT_CONTEXT, SpanStatusCode, trace } = this.#api;
    const startTime = Date.parse(pass.startedAt);
    this.#ids.prepare(pass.reconcileID);
    const name = `reconcile ${pass.kind.split('.', 1)[0]}`;
    const span = this.#tracer.startSpan(name, { startTime, attributes: attributesOf(pass) }, ROOT_CONTEXT);
    const below = trace.setSpan(ROOT_CONTEXT, span);
    for (const call of pass.calls) this.#tellCall(call, startTime, below);
    if (pass.error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: pass.error });
    span.end(startTime + pass.durationMs);
  }

  #tellCall(call: CallRecord, passStart: number, below: import('@opentelemetry/api').Context): void {
    const { SpanKind, SpanStatusCode } = this.#api;
    const { method, path, status, startedAfterMs, durationMs } = call;
    const startTime = passStart + startedAfterMs;
    const attributes = {
      'http.request.method': method,
      'url.path': path,
      ...(status !== undefined && { 'http.response.status_code': status }),
    };
    const span: Span = this.#tracer.startSpan(method, { kind: SpanKind.CLIENT, startTime, attributes }, below);
    if (status === undefined || status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(startTime + durationMs);
  }
}

function attributesOf(pass: PassRecord): Readonly<Record<string, string | number | string[]>> {
  const { namespace, status, resource } = pass;
  return {
    'capstan.controller': pass.controller,
    'capstan.reconcile_id': pass.reconcileID,
    'capstan.resource.kind': pass.kind,
    'capstan.resource.name': pass.name,
    'capstan.result': pass.result,
    'capstan.triggers': pass.triggers.map(({ reason }) => reason),
    'capstan.waited_ms': pass.waitedMs,
    'capstan.reads': pass.reads.length,
    'capstan.children': pass.children.length,
    'capstan.writes_skipped': pass.children.filter(({ action }) => action === 'Unchanged').length,
    ...(namespace !== undefined && { 'k8s.namespace.name': namespace }),
    ...(status !== undefined && { 'capstan.status': status }),
    ...(resource?.generation !== undefined && { 'capstan.resource.generation': resource.generation }),
  };
}
