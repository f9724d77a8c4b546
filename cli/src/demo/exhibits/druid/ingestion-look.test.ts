import type { DruidIngestion } from '@capstan/druid-operator';
import { describe, expect, it } from 'vitest';
import { clicksIngestion } from './clicks-ingestion.ts';
import { lookAt } from './ingestion-look.ts';

function ingestion(status: DruidIngestion['status']): DruidIngestion {
  const wanted = clicksIngestion('http://127.0.0.1:8888', { topic: 'clicks', bootstrapServers: '' });
  return status === undefined ? wanted : { ...wanted, status };
}

describe('the look of an ingestion', () => {
  it.each([
    ['that is not there', undefined, undefined, { state: '', figures: ['-', '-'], inWords: 'no supervisor' }],
    [
      'that has just begun',
      ingestion({ state: 'PENDING' }),
      { tasks: 0, offsets: undefined },
      { state: 'PENDING', figures: ['-', '-'], inWords: '0 tasks, lag not known yet' },
    ],
    [
      'that is behind, with the lag of Druid and not the older one of its status',
      ingestion({ state: 'RUNNING', lag: 7 }),
      { tasks: 1, offsets: { lag: 200, read: 400 } },
      { state: 'RUNNING', figures: ['200', '400'], inWords: '1 task, lag 200, 400 read' },
    ],
  ])('%s', (_, resource, reading, look) => {
    expect(lookAt(resource, reading)).toEqual(look);
  });
});
