import type { PassTrace } from './pass-trace.ts';

/** Whether the trace of a pass is told to the API server. */
export interface TracePropagation {
  isOn: boolean;
}

/** The identifiers of a pass as a span: all of them follow from its reconcileID, so that logs lead to traces and back. */
export interface SpanIdentity {
  /** 32 hexadecimal digits: the reconcileID without its dashes. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the last ones of the reconcileID. */
  readonly spanId: string;
}

export function spanIdentityOf(reconcileID: string): SpanIdentity {
  const traceId = reconcileID.replaceAll('-', '').toLowerCase();
  return { traceId, spanId: traceId.slice(16) };
}

/**
 * What requests of a pass carry besides what they need: the pass, so that a proxy's log can be matched with ours; and,
 * where traces are exported, the trace, which the API server continues when it is set up for tracing.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function headersOf(pass: PassTrace | undefined, { isOn }: TracePropagation): Readonly<Record<string, string>> {
  if (pass === undefined) return {};
  if (!isOn) return { 'x-reconcile-id': pass.reconcileID };
  const { traceId, spanId } = spanIdentityOf(pass.reconcileID);
  return { 'x-reconcile-id': pass.reconcileID, traceparent: `00-${traceId}-${spanId}-01` };
}
