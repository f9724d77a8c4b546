import { blamesRequest } from './blamed-request.ts';
import type { Answer, Json, JsonObject } from './druid-api.ts';
import type { DruidCall } from './druid-call.ts';
import type { HttpAnswer } from './http-answer.ts';
import { isJsonObject, jsonOf, textOf } from './json-text.ts';
import type { Redaction } from './redaction.ts';
import { saidBy, shortened } from './short-message.ts';

/** What can be made of the answers to one call. */
export interface Reading<T> {
  /** What a success says, from its body as JSON; `Unread` when that is not what Druid says here. */
  readonly value: (body: Json | undefined) => T | Unread;
  /** Statuses of errors that carry such a body as well. */
  readonly telling?: readonly number[];
  /** What it means that the thing asked for is not there; a refusal unless told. */
  readonly absent?: { readonly value: T };
  /** What it means when Druid refuses because all is as wished; `Unread` when that is not why. */
  readonly met?: (refusal: Refusal) => T | Unread;
  /** Whether a 500 with a plain `{"error"}` is about the request: lookups say so of a version that does not rise. */
  readonly refusesWith500?: boolean;
  /** What was asked for: a 404 in plain text is Druid's when it names it. */
  readonly subject?: string;
}

/** Says that an answer holds no value. */
export const unread = Symbol('unread');
export type Unread = typeof unread;

/** What a refusal said. */
export interface Refusal {
  readonly status: number;
  readonly said: string;
  /** Druid's own word for the error, such as `entryAlreadyExists`. */
  readonly errorCode: string | undefined;
}

/**
 * Makes an answer of Druid's out of an HTTP answer, deciding by status and by who seems to have written it: Druid, a Jetty without
 * one, or something before it. Pure.
 */
export function classify<T>(call: DruidCall, http: HttpAnswer, reading: Reading<T>, redact: Redaction): Answer<T> {
  const { status } = http;
  if (status >= 200 && status < 300) return success(http, reading);
  const told = reading.telling?.includes(status) ? reading.value(jsonOf(http.text)) : unread;
  if (told !== unread) return done(told, status);
  const said = saidBy(http, redact);
  if (status === 401 || status === 403) return { kind: 'Denied', status, message: denial(status, said) };
  if (isNotOfDruid(http, reading)) return unreachable('NotDruid', status, said);
  if (status === 404 && reading.absent !== undefined) return done(reading.absent.value, status);
  if (isRefusal(call, http, reading)) return refusal(http, said, reading);
  return unreachable('Unavailable', status, said);
}

function success<T>(http: HttpAnswer, { value }: Reading<T>): Answer<T> {
  const { status, contentType, text } = http;
  const read = contentType === 'text/html' ? unread : value(jsonOf(text));
  if (read !== unread) return done(read, status);
  const message = `the answer (${status}) is not what Druid says: check that the address is the router of Druid`;
  return { kind: 'Unreachable', reason: 'NotDruid', status, message };
}

function done<T>(value: T, status: number): Answer<T> {
  return { kind: 'Done', value, status };
}

function denial(status: 401 | 403, said: string): string {
  const what = status === 401 ? 'does not know these credentials' : 'does not let these credentials do this';
  return shortened(`Druid ${what} (${status})${said === '' ? '' : `: ${said}`}`);
}

/**
 * Whether an error is none of Druid's own: HTML of a proxy, a redirect, or a 404 of somebody who has no such path at all, which must
 * not pass for "there is no such supervisor". Druid names what it did not find, in plain text or in JSON of its own.
 */
function isNotOfDruid(http: HttpAnswer, { subject }: Reading<unknown>): boolean {
  const { status, contentType, text } = http;
  if (status < 400) return true;
  if (status >= 500) return false;
  if (contentType === 'text/html') return true;
  if (status !== 404) return false;
  if (contentType === 'application/json') return isOfJetty(jsonOf(text));
  return contentType !== 'text/plain' || subject === undefined || !text.includes(`[${subject}]`);
}

function isRefusal(call: DruidCall, http: HttpAnswer, { refusesWith500 = false }: Reading<unknown>): boolean {
  const body = jsonOf(http.text);
  if (http.status === 500 && call.method !== 'GET')
    return isOfJetty(body) ? blamesRequest(body) : refusesWith500 && isStale(body);
  return http.status < 500 && ![408, 425, 429].includes(http.status) && !lacksService(body);
}

/** Jetty's own JSON about an error that nobody caught, which names the servlet. */
function isOfJetty(body: Json | undefined): body is JsonObject {
  return isJsonObject(body) && 'servlet' in body;
}

/**
 * Whether a 400 is about a process of Druid that is away, which it has no code for: routers until 2024 said so for what is a 503
 * now, and the overlord still does when it asks a broker about a schedule.
 */
function lacksService(body: Json | undefined): boolean {
  const said = isJsonObject(body) ? (textOf(body['error']) ?? '') : '';
  return /^Unable to determine destination|ServiceNotAvailableException: Service \[/.test(said);
}

/** Of a lookup whose version does not rise, which Druid has no code for. */
function isStale(body: Json | undefined): boolean {
  return isJsonObject(body) && /can't replace existing spec|does not have version/.test(textOf(body['error']) ?? '');
}

function refusal<T>(http: HttpAnswer, said: string, { met }: Reading<T>): Answer<T> {
  const { status } = http;
  const value = met?.({ status, said, errorCode: errorCodeOf(jsonOf(http.text)) }) ?? unread;
  if (value !== unread) return done(value, status);
  return {
    kind: 'Refused',
    status,
    message: shortened(`Druid refuses this (${status})${said === '' ? '' : `: ${said}`}`),
  };
}

/** At the top of a DruidException, or inside the `error` that SQL answers with. */
function errorCodeOf(body: Json | undefined): string | undefined {
  if (!isJsonObject(body)) return undefined;
  return textOf(body['errorCode']) ?? errorCodeOf(body['error']);
}

const hints: Readonly<Record<number, string>> = {
  404: 'nothing of Druid is at this address: is it the router, with druid.router.managementProxy.enabled=true?',
  429: 'Druid has too much to do',
  502: 'the router finds no Druid behind it',
  503: 'Druid is not there yet',
};

function unreachable(reason: 'Unavailable' | 'NotDruid', status: number, said: string): Answer<never> {
  const redirect = 'a redirect that is not followed: give the final address of the router';
  const hint = hints[status] ?? (status < 400 ? redirect : 'Druid cannot answer now');
  const message = shortened(`${hint} (${status})${said === '' ? '' : `: ${said}`}`);
  return { kind: 'Unreachable', reason, status, message };
}
