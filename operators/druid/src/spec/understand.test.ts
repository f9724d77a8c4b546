import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { understand } from './understand.ts';
import { understandOnce } from './understand-once.ts';

const fallbackId = 'scheduled_batch__shop_clicks';
const of = (type: string, spec: object | string) =>
  understand({ type, spec: typeof spec === 'string' ? spec : JSON.stringify(spec), fallbackId });

const nested = { dataSchema: { dataSource: 'clicks' } };

describe('what a spec asks for', () => {
  it.each([
    [
      'kafka',
      { type: 'kafka', spec: nested },
      { kind: 'Supervisor', type: 'kafka', supervisorId: 'clicks', dataSource: 'clicks' },
    ],
    ['kafka', { spec: nested }, { kind: 'Supervisor', type: 'kafka', supervisorId: 'clicks' }],
    ['kafka', { type: 'kinesis', spec: nested }, { kind: 'Supervisor', type: 'kinesis', supervisorId: 'clicks' }],
    ['rabbit', { type: 'rabbit', spec: nested }, { kind: 'Supervisor', type: 'rabbit', supervisorId: 'clicks' }],
    ['kafka', { type: 'kafka', dataSchema: { dataSource: 'old' } }, { supervisorId: 'old', dataSource: 'old' }],
    ['kafka', { type: 'kafka', id: 'second', spec: nested }, { supervisorId: 'second', dataSource: 'clicks' }],
    ['kafka', { type: 'of-an-extension', spec: nested }, { kind: 'Supervisor', type: 'of-an-extension' }],
    [
      'autocompact',
      { type: 'autocompact', spec: { dataSource: 'clicks' } },
      { kind: 'Supervisor', supervisorId: 'autocompact__clicks', dataSource: 'clicks' },
    ],
    [
      'scheduled_batch',
      { type: 'scheduled_batch', spec: { query: 'REPLACE INTO clicks OVERWRITE ALL SELECT 1' } },
      { kind: 'Supervisor', supervisorId: fallbackId, dataSource: 'clicks' },
    ],
    [
      'native-batch',
      { type: 'index_parallel', spec: nested },
      { kind: 'Task', type: 'index_parallel', dataSource: 'clicks' },
    ],
    ['native-batch', { type: 'compact', dataSource: 'clicks' }, { kind: 'Task', dataSource: 'clicks' }],
    ['sql', { query: 'INSERT INTO "a ""b""" SELECT 1' }, { kind: 'Sql', type: 'sql', dataSource: 'a "b"' }],
    [
      'sql',
      'replace into clicks overwrite all select 1',
      { kind: 'Sql', spec: { query: 'replace into clicks overwrite all select 1' } },
    ],
    ['kafka', { type: 'kafka', suspended: true, spec: nested }, { isSuspended: true }],
    ['kafka', { type: 'kafka', suspended: 'true', spec: nested }, { isSuspended: true }],
    ['kafka', { type: 'kafka', suspended: null, spec: nested }, { isSuspended: false }],
  ])('is made out of a spec of type %s: %o', (type, spec, expected) => {
    expect(of(type, spec)).toMatchObject({ understood: expected });
  });

  it.each([
    ['kafka', '', 'SpecInvalid', 'the spec is empty'],
    ['kafka', '[1]', 'SpecInvalid', 'the spec is JSON, but no object'],
    ['kafka', '{"a": }', 'SpecInvalid', 'the spec is not valid JSON'],
    ['kafka', { type: 'kafka', spec: {} }, 'SpecInvalid', 'names no data source'],
    ['kafka', { type: 'index_parallel', spec: nested }, 'TypeUnsupported', 'not for spec.ingestion.type kafka'],
    ['native-batch', { type: 'kafka', spec: nested }, 'TypeUnsupported', 'not for spec.ingestion.type native-batch'],
    ['native-batch', { type: 'index_hadoop', spec: nested }, 'TypeUnsupported', 'Druid has dropped it'],
    ['something', { type: 'kafka', spec: nested }, 'TypeUnsupported', 'spec.ingestion.type is none of'],
    ['kafka', { type: 'kafka', suspended: 'maybe', spec: nested }, 'SpecInvalid', 'must be true or false'],
    ['sql', { context: {} }, 'SpecInvalid', 'no query'],
    ['kafka', { type: 'kafka', spec: nested, x: `\${secret:no-key}` }, 'SpecInvalid', 'reference'],
  ])('cannot be made out of a spec of type %s: %o', (type, spec, reason, message) => {
    expect(of(type, spec)).toMatchObject({ problem: { reason, message: expect.stringContaining(message) } });
  });
});

describe('a spec that nobody could work with', () => {
  const deep = (levels: number) => `{"type":"kafka","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  it.each([
    ['text', deep(64)],
    ['text that would end the process', deep(200_000)],
    ['an object', JSON.parse(deep(9_000))],
  ])('for its depth is invalid, as %s', (_how, spec) => {
    expect(understand({ type: 'kafka', spec, fallbackId })).toMatchObject({
      problem: { reason: 'SpecInvalid', message: expect.stringContaining('more than 64 levels') },
    });
  });

  it('for its length is invalid', () => {
    const message = expect.stringContaining('longer than');
    expect(of('kafka', ' '.repeat(1_500_001))).toMatchObject({ problem: { reason: 'SpecInvalid', message } });
  });

  it('takes no longer for being deep and full at once', () => {
    const spec = `{"type":"kafka","spec":{"dataSchema":{"dataSource":"x"},"a":${'['.repeat(2_000)}${'1,'.repeat(300_000)}1${']'.repeat(2_000)}}}`;
    expect(of('kafka', spec)).toMatchObject({ problem: { reason: 'SpecInvalid' } });
  });
});

describe('a name in a spec', () => {
  const reference = `\${secret:db/password}`;

  it.each([
    ['kafka', { type: 'kafka', spec: { dataSchema: { dataSource: reference } } }],
    ['kafka', { type: 'kafka', spec: nested, dataSchema: { dataSource: `x-${reference}` } }],
    ['kafka', { type: 'kafka', id: reference, spec: nested }],
    ['kafka', { type: reference, spec: nested }],
    ['native-batch', { type: 'index_parallel', spec: { ...nested, ioConfig: { inputSource: { type: reference } } } }],
    ['autocompact', { type: 'autocompact', spec: { dataSource: reference } }],
    ['sql', `INSERT INTO "${reference}" SELECT 1`],
    ['sql', `REPLACE /* x */ INTO -- y\n druid.${reference} OVERWRITE ALL SELECT 1`],
    ['scheduled_batch', { type: 'scheduled_batch', spec: { query: `INSERT INTO ${reference} SELECT 1` } }],
  ])('does not come from a Secret: %s %j', (type, spec) => {
    const message = expect.stringContaining('names are no secrets');
    expect(of(type, spec)).toMatchObject({ problem: { reason: 'SpecInvalid', message } });
  });

  it('is told from what is none', () => {
    const query = `INSERT INTO a SELECT * FROM TABLE(S3(secretAccessKey => '${reference}')) WHERE x = '${reference}'`;
    expect(of('sql', query)).toHaveProperty('understood');
  });
});

describe('a text that is asked for again', () => {
  it('is understood once, and anew for another type or resource', () => {
    const spec = JSON.stringify({ type: 'kafka', spec: nested });
    const [first, again] = [1, 2].map(() => understandOnce({ type: 'kafka', spec, fallbackId }));
    expect(again).toBe(first);
    expect(understandOnce({ type: 'native-batch', spec, fallbackId })).toHaveProperty('problem');
    const query = '{"type":"scheduled_batch","spec":{"query":"INSERT INTO a SELECT 1"}}';
    const ids = ['one', 'two'].map((id) => understandOnce({ type: 'scheduled_batch', spec: query, fallbackId: id }));
    expect(ids).toMatchObject([{ understood: { supervisorId: 'one' } }, { understood: { supervisorId: 'two' } }]);
  });

  it('is understood anew when too much came in between', () => {
    const text = (data: string) => JSON.stringify({ type: 'kafka', spec: { ...nested, data } });
    const first = understandOnce({ type: 'kafka', spec: text(''), fallbackId });
    for (let n = 0; n < 20; n += 1)
      understandOnce({ type: 'kafka', spec: text(`${n}`.padEnd(1_000_000, 'x')), fallbackId });
    expect(understandOnce({ type: 'kafka', spec: text(''), fallbackId })).not.toBe(first);
  });
});

describe('what is said of a text that is no JSON', () => {
  it('quotes nothing of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{8,20}$/), (secret) => {
        expect(JSON.stringify(of('kafka', `{"password": "${secret}" oops`))).not.toContain(secret);
      }),
    );
  });
});

describe('any text and any type', () => {
  it('are either understood or refused with a reason', () => {
    const types = fc.oneof(
      fc.constantFrom('kafka', 'sql', 'native-batch', 'autocompact', 'scheduled_batch'),
      fc.string(),
    );
    fc.assert(
      fc.property(types, fc.oneof(fc.string(), fc.json()), (type, spec) => {
        const result = understand({ type, spec, fallbackId });
        const reason = 'problem' in result ? result.problem.reason : 'Understood';
        expect(['Understood', 'SpecInvalid', 'TypeUnsupported']).toContain(reason);
      }),
    );
  });
});
