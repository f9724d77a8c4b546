import type { AddressRules } from './address-rules.ts';
import { checkAddress, checkedLookup, type HostLookup } from './checked-lookup.ts';
import type { DruidCall } from './druid-call.ts';
import type { Outcome } from './druid-gate.ts';
import type { DruidLimits } from './druid-limits.ts';
import type { DruidLine } from './druid-line.ts';
import type { HttpAnswer } from './http-answer.ts';
import { exchange, type HttpRequest } from './http-exchange.ts';
import { NoAnswerError } from './no-answer-error.ts';
import { redirectOf } from './redirects.ts';

/** Over what calls to one Druid go, and by which rules. */
export interface Sender {
  readonly line: DruidLine;
  readonly limits: DruidLimits;
  readonly rules: AddressRules;
  readonly lookup: HostLookup;
  /** Where redirects may lead, beside the host itself. */
  readonly allowedHosts: readonly string[];
  /** The value of the `authorization` header; a secret. */
  readonly authorization: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends one call once there is a place at the gate, follows the redirects that are allowed, and reads the answer.
 * @throws {NoAnswerError} when there is none in the time of the call's pace, or none that may be listened to
 * @throws the reason of `sender.signal` when that aborts
 */
export async function sendCall(call: DruidCall, url: URL, sender: Sender): Promise<HttpAnswer> {
  const gate = sender.line.gateFor(call.pace);
  if ((await gate.enter(sender.signal)) === 'Busy') {
    throw new NoAnswerError('Busy', `${url.origin} does not answer, and others wait for it already`);
  }
  let outcome: Outcome = 'Answered';
  try {
    return await inTime(call, url, sender);
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    gate.leave(outcome);
  }
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof NoAnswerError)) return 'GivenUp';
  return error.reason === 'Timeout' || error.reason === 'NoConnection' ? 'Silent' : 'Answered';
}

async function inTime(call: DruidCall, url: URL, sender: Sender): Promise<HttpAnswer> {
  const limitMs = limitOf(call, sender.limits);
  const limit = AbortSignal.timeout(limitMs);
  const signal = sender.signal === undefined ? limit : AbortSignal.any([limit, sender.signal]);
  try {
    return await following(requestOf(call, url, sender), sender, bytesOf(call, sender.limits), signal);
  } catch (error) {
    sender.signal?.throwIfAborted();
    if (limit.aborted) throw new NoAnswerError('Timeout', `no answer from ${url.origin} within ${limitMs} ms`);
    throw error;
  }
}

function limitOf({ pace }: DruidCall, { readMs, writeMs, haltMs }: DruidLimits): number {
  return { Read: readMs, Write: writeMs, Halt: haltMs }[pace];
}

function bytesOf({ repeats }: DruidCall, { bodyBytes, repeatedBytes }: DruidLimits): number {
  return repeats === true ? repeatedBytes : bodyBytes;
}

/** Sends a request wherever it is sent on to. Only hosts that are allowed get to see it, so its credentials go along. */
async function following(
  request: HttpRequest,
  sender: Sender,
  bodyBytes: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  let { url } = request;
  for (let redirects = 0; redirects <= sender.limits.redirects; redirects += 1) {
    const answer = await once({ ...request, url }, sender, bodyBytes, signal);
    const redirect = redirectOf(url, answer, sender.allowedHosts);
    if (redirect.kind === 'None') return answer;
    if (redirect.kind === 'Refused') throw new NoAnswerError('NotAllowed', redirect.message);
    url = redirect.url;
  }
  const message = `${request.url.origin} redirects more than ${sender.limits.redirects} times: no Druid leads`;
  throw new NoAnswerError('Unavailable', message);
}

function once(request: HttpRequest, sender: Sender, bodyBytes: number, signal: AbortSignal): Promise<HttpAnswer> {
  const { line, limits, rules, lookup } = sender;
  checkAddress(request.url, rules);
  return exchange(request, {
    agent: line.agentFor(request.url),
    lookup: checkedLookup(request.url, rules, lookup),
    connectMs: limits.connectMs,
    bodyBytes,
    signal,
  });
}

function requestOf(call: DruidCall, url: URL, { authorization }: Sender): HttpRequest {
  // Druid takes no POST without a content type, not even one without a body worth sending (415).
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers = {
    accept: 'application/json',
    ...(call.method === 'GET' ? {} : { 'content-type': 'application/json', 'x-druid-author': 'druid-operator' }),
    ...(authorization === undefined ? {} : { authorization }),
  };
  return { method: call.method, url, headers, body: call.method === 'POST' ? (body ?? '') : body };
}
