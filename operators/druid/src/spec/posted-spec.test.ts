import { describe, expect, it } from 'vitest';
import { ownerOf } from './owner-mark.ts';
import { postedSql, postedSupervisor, postedTask, taskOfQuery } from './posted-spec.ts';
import { understand } from './understand.ts';

function understood(type: string, spec: object) {
  const result = understand({ type, spec: JSON.stringify(spec), fallbackId: 'scheduled_batch__shop_clicks' });
  if ('problem' in result) throw new Error(result.problem.message);
  return result.understood;
}

const additions = { owner: { uid: 'uid-1', resource: 'shop/clicks' }, isSuspended: true };

describe('a supervisor as it is sent', () => {
  it.each([
    ['kafka', { type: 'kafka', context: { mine: 1 }, spec: { dataSchema: { dataSource: 'a' } } }],
    ['autocompact', { type: 'autocompact', spec: { dataSource: 'a' } }],
    ['scheduled_batch', { type: 'scheduled_batch', spec: { query: 'INSERT INTO a SELECT 1' } }],
  ])('carries the mark of its owner where Druid keeps it, and whether it is suspended: %s', (type, spec) => {
    const posted = postedSupervisor(understood(type, spec), additions);
    expect(ownerOf(posted, type)).toEqual({ uid: 'uid-1', resource: 'shop/clicks' });
    expect(posted).toMatchObject({ ...spec, suspended: true });
  });

  it('has a type although only the resource says which', () => {
    const posted = postedSupervisor(understood('kafka', { spec: { dataSchema: { dataSource: 'a' } } }), additions);
    expect(posted['type']).toBe('kafka');
  });

  it('has an id where Druid would make up one', () => {
    const spec = { type: 'scheduled_batch', spec: { query: 'INSERT INTO a SELECT 1' } };
    expect(postedSupervisor(understood('scheduled_batch', spec), additions)['id']).toBe('scheduled_batch__shop_clicks');
  });
});

describe('a task as it is sent', () => {
  it('has the id that is ours', () => {
    const spec = { type: 'index_parallel', id: 'theirs', spec: { dataSchema: { dataSource: 'a' } } };
    expect(postedTask(understood('native-batch', spec), 'ours')).toEqual({ ...spec, id: 'ours' });
  });
});

describe('a statement as it is sent', () => {
  it('has a query id that its task is called after, beside the rest of its context', () => {
    const spec = { query: 'INSERT INTO a SELECT 1', context: { maxNumTasks: 3 } };
    expect(postedSql(understood('sql', spec), 'q-1')).toEqual({
      ...spec,
      context: { maxNumTasks: 3, sqlQueryId: 'q-1' },
    });
    expect(taskOfQuery('q-1')).toBe('query-q-1');
  });
});
