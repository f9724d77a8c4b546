import type { ServerResponse } from 'node:http';
import type { Clock } from '@capstan/kube';
import type { ArmedDruidFault, DruidFault } from './druid-fault.ts';
import { badGateway, type FakeAnswer, noDestination, uncaught } from './fake-answer.ts';
import type { FakeRequest } from './fake-request.ts';
import { isJsonObject } from './json-shape.ts';
import type { SupervisorRegistry } from './supervisor-registry.ts';
import { dataSourceOf } from './task-registry.ts';

/** One request while the fake holds it. */
export interface Exchange {
  readonly request: FakeRequest;
  readonly response: ServerResponse;
  /** Does what was asked. */
  readonly carryOut: () => FakeAnswer;
  readonly supervisors: SupervisorRegistry;
  readonly clock: Clock;
  /** What strikes it, if anything. */
  readonly fault: ArmedDruidFault | undefined;
}

/** Answers a request, or does to it what a fault says. Resolves when nothing more is to be done. */
export async function respond(exchange: Exchange): Promise<void> {
  const { carryOut, response, fault } = exchange;
  if (fault === undefined) return write(response, carryOut());
  const what = fault.rule.fault;
  const instead = answerInstead(what, exchange);
  if (instead !== undefined) return write(response, instead);
  if (what.do === 'drop') return reset(response);
  await held(what, fault, exchange.clock);
  const answer = carryOut();
  if (what.do === 'loseResponse') return reset(response);
  if (what.do === 'slowBody') return await writeSlowly(response, answer, what.msPerByte, exchange.clock);
  if (what.do === 'cutBody') return cut(response, answer);
  write(response, answer);
}

/** What is answered without doing what was asked; undefined where it is done. */
function answerInstead(fault: DruidFault, { request, supervisors }: Exchange): FakeAnswer | undefined {
  const { path, query } = request;
  switch (fault.do) {
    case 'redirect': {
      const search = query.size > 0 ? `?${query}` : '';
      return { status: 307, headers: { location: new URL(`${path}${search}`, fault.to).href }, text: '' };
    }
    case 'badGateway':
      return badGateway(path);
    case 'noLeader':
      return noDestination(path);
    case 'killSupervisor':
      return killSupervisor(request, supervisors);
    case 'answer': {
      const { status, body, contentType = 'application/json', headers = {} } = fault;
      const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
      return { status, contentType, headers, text };
    }
    default:
      return undefined;
  }
}

function killSupervisor(request: FakeRequest, supervisors: SupervisorRegistry): FakeAnswer {
  const posted = request.json();
  const id = isJsonObject(posted) ? dataSourceOf(posted) : undefined;
  if (id !== undefined) supervisors.lose(id);
  const cause = 'java.lang.IllegalArgumentException';
  return uncaught(request.path, `java.lang.RuntimeException: ${cause}`, cause);
}

async function held(fault: DruidFault, { lifted }: ArmedDruidFault, clock: Clock): Promise<void> {
  if (fault.do === 'delay') await clock.sleep(fault.ms);
  if (fault.do !== 'stall' || lifted.aborted) return;
  await new Promise((resolve) => lifted.addEventListener('abort', resolve, { once: true }));
}

function head(response: ServerResponse, { status, contentType, headers, text }: FakeAnswer): void {
  const type = contentType === undefined ? {} : { 'content-type': contentType };
  response.writeHead(status, { ...type, ...headers, 'content-length': Buffer.byteLength(text) });
}

function write(response: ServerResponse, answer: FakeAnswer): void {
  head(response, answer);
  response.end(answer.text);
}

async function writeSlowly(response: ServerResponse, answer: FakeAnswer, ms: number, clock: Clock): Promise<void> {
  head(response, answer);
  for (const byte of Buffer.from(answer.text)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await clock.sleep(ms);
  }
  response.end();
}

function cut(response: ServerResponse, answer: FakeAnswer): void {
  head(response, answer);
  const half = Buffer.from(answer.text).subarray(0, Math.ceil(answer.text.length / 2));
  response.write(half, () => response.destroy());
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
