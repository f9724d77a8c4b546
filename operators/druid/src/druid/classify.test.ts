import { describe, expect, it } from 'vitest';
import { calls } from './calls.ts';
import {
  alreadySuspended,
  badGateway,
  captured,
  errorsOfPost,
  noCompaction,
  noDestination,
  noSuchPath,
  noSupervisor,
  staleLookup,
  taskExists,
} from './captured-answers.fixture.ts';
import { classify, unread } from './classify.ts';
import { either, found, nothing, objectOf, submitted, wasSuspended } from './readings.ts';
import { redactionOf } from './redaction.ts';

const plain = redactionOf([]);
const submit = calls.submitSupervisor({});

describe('an error of Druid to a submitted supervisor', () => {
  it.each(errorsOfPost)('for %s is told as what it is', (_, http, kind, says) => {
    const answer = classify(submit, http, submitted('id'), plain);
    expect(answer).toMatchObject({ kind, status: http.status, message: expect.stringContaining(says) });
  });

  it.each(errorsOfPost)('for %s is told in one short line without markup or names of exceptions', (_, http) => {
    const answer = classify(submit, http, submitted('id'), plain);
    const message = 'message' in answer ? answer.message : '';
    expect(message).toMatch(/^.{10,300}$/);
    expect(message).not.toMatch(/[<>]|&\w+;|\n| [a-z]+(\.\w+)*Exception: /);
  });

  it('is told without what came from a Secret', () => {
    const http = captured(400, 'application/json', '{"error":"bad value \\"hunter&quot;2\\" in hunter\\"2"}');
    const answer = classify(submit, http, submitted('id'), redactionOf(['hunter"2']));
    expect(answer).toMatchObject({ message: 'Druid refuses this (400): bad value "[redacted]" in [redacted]' });
  });

  it('is transient in a question even where the same would refuse a change', () => {
    const [, http] = errorsOfPost[0] ?? [];
    if (http === undefined) throw new Error('the table is empty');
    expect(classify(calls.rules('a'), http, nothing, plain)).toMatchObject({ kind: 'Unreachable', status: 500 });
  });
});

describe('a 404', () => {
  const absentOf = (http: Parameters<typeof classify>[1]) =>
    classify(calls.terminate('nope'), http, either('Terminated', 'Absent', 'nope'), plain);

  it('is absence where Druid names what it does not find', () => {
    const absent = { kind: 'Done', value: 'Absent', status: 404 };
    expect(absentOf(noSupervisor)).toEqual(absent);
    expect(absentOf(noCompaction)).toEqual(absent);
    expect(absentOf(captured(404, 'application/json', ''))).toEqual(absent);
    expect(absentOf(captured(404, 'application/json', 'No task reports were found for this task.'))).toEqual(absent);
  });

  it.each([
    ['a router that has no such path', noSuchPath],
    ['an ingress', captured(404, 'text/plain; charset=utf-8', '404 page not found')],
    ['a web server', captured(404, 'text/html', '<html><title>404 Not Found</title></html>')],
    [
      'a Jetty without Druid',
      captured(404, 'application/json', '{"servlet":"x","message":"Not Found","status":"404"}'),
    ],
    ['Druid about somebody else', captured(404, 'text/plain', 'Cannot find any supervisor with id: [other]')],
  ])('is no absence when it comes from %s', (_, http) => {
    expect(absentOf(http)).toMatchObject({ kind: 'Unreachable', reason: 'NotDruid', status: 404 });
  });

  it('refuses what needs the supervisor to be there', () => {
    const answer = classify(calls.reset('nope'), noSupervisor, { ...nothing, subject: 'nope' }, plain);
    expect(answer).toMatchObject({ kind: 'Refused', status: 404, message: expect.stringContaining('[nope]') });
  });
});

describe('a refusal because all is as wished', () => {
  it('counts as submitted for a task that is known under its id', () => {
    const answer = classify(calls.submitTask({}), taskExists, submitted('task', 'noop-1'), plain);
    expect(answer).toEqual({ kind: 'Done', value: { id: 'noop-1' }, status: 400 });
  });

  it('counts for SQL too, which wraps the error', () => {
    const text = JSON.stringify({ taskId: 'query-x', state: 'FAILED', error: JSON.parse(taskExists.text) });
    const http = captured(400, 'application/json', text);
    const answer = classify(calls.submitSql({}), http, submitted('taskId', 'query-x'), plain);
    expect(answer).toMatchObject({ kind: 'Done', value: { id: 'query-x' } });
  });

  it('counts as suspended, and another 400 does not', () => {
    const reading = {
      ...either('Suspended', 'Absent', 'ds_a'),
      met: (refusal: Parameters<typeof wasSuspended>[0]) => (wasSuspended(refusal) ? ('Suspended' as const) : unread),
    };
    const call = calls.suspend('ds_a');
    expect(classify(call, alreadySuspended, reading, plain)).toMatchObject({ kind: 'Done', value: 'Suspended' });
    const other = captured(400, 'application/json', '{"error":"[ds_a] is already running"}');
    expect(classify(call, other, reading, plain)).toMatchObject({ kind: 'Refused' });
  });

  it('is a refusal for a lookup whose version does not rise, whatever the 500 looks like', () => {
    const call = calls.setLookup('__default', 'l1', {});
    const answer = classify(call, staleLookup, { ...nothing, refusesWith500: true }, plain);
    expect(answer).toMatchObject({ kind: 'Refused', message: expect.stringContaining("can't replace existing spec") });
  });
});

describe('a 500 that may be about Druid itself', () => {
  const jetty = (cause0: string) =>
    captured(500, 'application/json', JSON.stringify({ servlet: 'default', cause0, message: cause0, status: '500' }));

  it.each([
    'java.lang.OutOfMemoryError: Java heap space',
    'java.lang.IllegalStateException: SupervisorManager not started',
    'java.lang.RuntimeException: java.util.concurrent.TimeoutException',
    'java.lang.InterruptedException',
  ])('is to be asked again: %s', (cause) => {
    expect(classify(submit, jetty(cause), submitted('id'), plain)).toMatchObject({
      kind: 'Unreachable',
      reason: 'Unavailable',
      status: 500,
    });
  });

  it('is to be asked again for a lookup whose version is not what is wrong', () => {
    const http = captured(500, 'application/json', '{"error":"java.sql.SQLException: no connection"}');
    const call = calls.setLookup('__default', 'l1', {});
    expect(classify(call, http, { ...nothing, refusesWith500: true }, plain)).toMatchObject({ kind: 'Unreachable' });
  });
});

describe('a success', () => {
  it('is read from 200 and from the 202 of SQL', () => {
    const http = captured(202, 'application/json', '{"taskId":"query-1","state":"RUNNING"}');
    const answer = classify(calls.submitSql({}), http, submitted('taskId'), plain);
    expect(answer).toEqual({ kind: 'Done', value: { id: 'query-1' }, status: 202 });
  });

  it('needs no body where there is nothing to say', () => {
    expect(classify(calls.setRules('a', []), captured(200, undefined), nothing, plain)).toMatchObject({ kind: 'Done' });
  });

  it.each([
    ['a page to log in', captured(200, 'text/html', '<html><title>Sign in</title></html>'), nothing],
    ['no JSON', captured(200, 'application/json', '{'), objectOf('a')],
    ['a list in place of an object', captured(200, 'application/json', '[]'), objectOf('a')],
    ['no id', captured(200, 'application/json', '{"success":true}'), submitted('id')],
  ])('with %s is none of Druid', (_, http, reading) => {
    expect(classify<unknown>(submit, http, reading, plain)).toMatchObject({ kind: 'Unreachable', reason: 'NotDruid' });
  });
});

describe('the 503 of health', () => {
  const healthy = found('a', (body) => (JSON.stringify(body) === '{"healthy":false}' ? false : undefined));
  const reading = { ...healthy, telling: [503] };

  it('says that the supervisor is unhealthy', () => {
    const http = captured(503, 'application/json', '{"healthy":false}');
    const answer = classify(calls.supervisorHealth('a'), http, reading, plain);
    expect(answer).toEqual({ kind: 'Done', value: false, status: 503 });
  });

  it('says that Druid is away when it comes from the router', () => {
    expect(classify(calls.supervisorHealth('a'), noDestination, reading, plain)).toMatchObject({ kind: 'Unreachable' });
    expect(classify(calls.supervisorHealth('a'), badGateway, reading, plain)).toMatchObject({ kind: 'Unreachable' });
  });
});
