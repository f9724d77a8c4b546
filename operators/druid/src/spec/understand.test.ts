import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { understand } from './understand.ts';

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
    ['sql', { context: {} }, 'SpecInvalid', 'no query'],
    ['kafka', { type: 'kafka', spec: nested, x: `\${secret:no-key}` }, 'SpecInvalid', 'reference'],
  ])('cannot be made out of a spec of type %s: %o', (type, spec, reason, message) => {
    expect(of(type, spec)).toMatchObject({ problem: { reason, message: expect.stringContaining(message) } });
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
