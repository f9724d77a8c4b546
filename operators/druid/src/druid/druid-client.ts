import { AddressRules } from './address-rules.ts';
import { Answering } from './answering.ts';
import { calls } from './calls.ts';
import { machineLookup } from './checked-lookup.ts';
import { type Reading, type Refusal, unread } from './classify.ts';
import { Compaction } from './compaction.ts';
import type { DruidApi, DynamicConfigOwner, JsonObject } from './druid-api.ts';
import type { DruidClientOptions, DruidConnection, DruidCredentials } from './druid-connection.ts';
import { defaultLimits } from './druid-limits.ts';
import { DruidLines } from './druid-lines.ts';
import { isJsonObject, textOf } from './json-text.ts';
import { Lookups } from './lookups.ts';
import { either, found, nothing, objectOf, objects, submitted, wasSuspended } from './readings.ts';
import { redactionOf } from './redaction.ts';
import { submittedUnder } from './submitted-under.ts';
import { supervisorStatusOf } from './supervisor-status.ts';
import { taskStatusOf } from './task-status.ts';

/**
 * Makes clients that share connections and gates by Druid: one per process, asked for a client in each pass.
 * @throws {RangeError} for an address policy that names no addresses
 *
 * @example
 * ```ts
 * const druid = druidClients({ observe: (call) => metrics.called(call) });
 * const answer = await druid({ url: 'http://router.orders.svc:8888', signal: pass.signal }).supervisorStatus('clicks');
 * ```
 */
export function druidClients(options: DruidClientOptions = {}): (connection: DruidConnection) => DruidApi {
  const limits = { ...defaultLimits, ...options.limits };
  const { observe = () => undefined, lookup = machineLookup } = options;
  const rules = new AddressRules(options.addresses);
  const lines = new DruidLines(limits);
  return (connection) => {
    const { credentials, allowedHosts = [], signal } = connection;
    const url = baseOf(connection);
    const authorization = credentials === undefined ? undefined : basic(credentials);
    const line = lines.to(url, connection.ca);
    const redact = redactionOf([...(connection.redactions ?? []), ...secretsOf(credentials)]);
    const sender = { line, limits, rules, lookup, allowedHosts, authorization, signal };
    return apiOf(new Answering(url, sender, redact, observe));
  };
}

/**
 * Makes a client of one Druid, with connections of its own.
 * @throws {TypeError} when the URL is none, is neither `http` nor `https`, or holds credentials
 */
export function druidClient(options: DruidConnection & DruidClientOptions): DruidApi {
  return druidClients(options)(options);
}

function baseOf({ url: text }: DruidConnection): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    // The text may hold a password, so it is not repeated.
    throw new TypeError('the URL of a Druid must be http:// or https://, a host and a port, without credentials');
  }
  return url;
}

function basic({ username, password }: DruidCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function secretsOf(credentials: DruidCredentials | undefined): readonly string[] {
  return credentials === undefined ? [] : [credentials.password, basic(credentials).slice('Basic '.length)];
}

function apiOf(druid: Answering): DruidApi {
  return { ...supervisorsOf(druid), ...tasksOf(druid), ...settingsOf(druid) };
}

type SupervisorCalls = 'supervisorSpec' | 'supervisorStatus' | 'supervisorHealth' | 'submitSupervisor' | HaltCalls;
type HaltCalls = 'terminate' | 'suspend' | 'reset' | 'resetOffsets' | 'handOff';
type TaskCalls = 'submitTask' | 'taskStatus' | 'taskReport' | 'shutDownTask' | 'submitSql';

function supervisorsOf(druid: Answering): Pick<DruidApi, SupervisorCalls> {
  return {
    supervisorSpec: (id) => druid.to(calls.supervisorSpec(id), specOf(id)),
    supervisorStatus: (id) =>
      druid.to(
        calls.supervisorStatus(id),
        found(id, (body) => supervisorStatusOf(body, druid.redact)),
      ),
    supervisorHealth: (id) => druid.to(calls.supervisorHealth(id), healthOf(id)),
    submitSupervisor: (spec) => druid.to(calls.submitSupervisor(spec), submittedUnder(spec, druid.redact)),
    terminate: (id) => druid.to(calls.terminate(id), either('Terminated', 'Absent', id)),
    suspend: (id) => druid.to(calls.suspend(id), suspendedOf(id)),
    reset: (id) => druid.to(calls.reset(id), { ...nothing, subject: id }),
    resetOffsets: (id, offsets) => druid.to(calls.resetOffsets(id, offsets), { ...nothing, subject: id }),
    handOff: (id, groups) => druid.to(calls.handOff(id, groups), { ...nothing, subject: id }),
  };
}

/** What is suspended already is as it should be. */
function suspendedOf(id: string): Reading<'Suspended' | 'Absent'> {
  const met = (refusal: Refusal) => (wasSuspended(refusal) ? 'Suspended' : unread);
  return { ...either('Suspended', 'Absent', id), met };
}

/** A supervisor called `history` would get the history of all of them: a spec has a type. */
function specOf(id: string): Reading<JsonObject | undefined> {
  return found(id, (body) => (isJsonObject(body) && textOf(body['type']) !== undefined ? body : undefined));
}

function healthOf(id: string): Reading<boolean | undefined> {
  const healthy = found(id, (body) => {
    const told = isJsonObject(body) ? body['healthy'] : undefined;
    return typeof told === 'boolean' ? told : undefined;
  });
  return { ...healthy, telling: [503] };
}

function tasksOf(druid: Answering): Pick<DruidApi, TaskCalls> {
  return {
    submitTask: (task) => druid.to(calls.submitTask(task), submitted('task', textOf(task['id']))),
    taskStatus: (id) =>
      druid.to(
        calls.taskStatus(id),
        found(id, (body) => taskStatusOf(body, druid.redact)),
      ),
    taskReport: (id) => druid.to(calls.taskReport(id), objectOf(id)),
    shutDownTask: (id) => druid.to(calls.shutDownTask(id), either('Stopped', 'Absent', id)),
    submitSql: (query) => druid.to(calls.submitSql(query), submitted('taskId', sqlTaskOf(query))),
  };
}

/** The task of a query that has an id of its own. */
function sqlTaskOf({ context }: JsonObject): string | undefined {
  const id = isJsonObject(context) ? textOf(context['sqlQueryId']) : undefined;
  return id === undefined ? undefined : `query-${id}`;
}

function settingsOf(druid: Answering): Omit<DruidApi, SupervisorCalls | TaskCalls> {
  const compaction = new Compaction(druid);
  const lookups = new Lookups(druid);
  return {
    rules: (dataSource) => druid.to(calls.rules(dataSource), objects),
    setRules: (dataSource, rules) => druid.to(calls.setRules(dataSource, rules), nothing),
    compaction: (dataSource) => compaction.get(dataSource),
    setCompaction: (config) => compaction.set(config),
    removeCompaction: (dataSource) => compaction.remove(dataSource),
    lookup: (tier, name) => lookups.get(tier, name),
    setLookup: (tier, name, lookup) => lookups.set(tier, name, lookup),
    removeLookup: (tier, name) => lookups.remove(tier, name),
    dynamicConfig: (of) => druid.to(calls.dynamicConfig(of), configOf(of)),
    setDynamicConfig: (of, config) => druid.to(calls.setDynamicConfig(of, config), nothing),
  };
}

/** An overlord without dynamic configuration says nothing at all. */
function configOf(of: DynamicConfigOwner): Reading<JsonObject | undefined> {
  return {
    value: (body) => {
      if (isJsonObject(body)) return body;
      return body === undefined && of === 'Overlord' ? undefined : unread;
    },
  };
}
