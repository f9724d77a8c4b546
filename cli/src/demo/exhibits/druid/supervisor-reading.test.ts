import { describe, expect, it } from 'vitest';
import { describeReading } from './ingestion-look.ts';
import { supervisorReading } from './supervisor-reading.ts';

const task = { id: 'index_kafka_clicks_1' };

describe('a reading of a supervisor', () => {
  it.each([
    [
      'before Druid has asked Kafka',
      { activeTasks: [task], publishingTasks: [], aggregateLag: 0 },
      { tasks: 1, offsets: undefined },
      '1 task, lag not known yet',
    ],
    [
      'while it reads two partitions',
      { activeTasks: [task], publishingTasks: [task], latestOffsets: { 0: 300, 1: 100 }, aggregateLag: 150 },
      { tasks: 2, offsets: { lag: 150, read: 250 } },
      '2 tasks, lag 150, 250 read',
    ],
    [
      'while it is suspended',
      { activeTasks: [], publishingTasks: [], latestOffsets: { 0: 400 }, aggregateLag: 200 },
      { tasks: 0, offsets: { lag: 200, read: 200 } },
      '0 tasks, lag 200, 200 read',
    ],
    [
      'of a topic without partitions',
      { activeTasks: [], publishingTasks: [], latestOffsets: {}, aggregateLag: 0 },
      { tasks: 0, offsets: undefined },
      '0 tasks, lag not known yet',
    ],
  ])('%s', (_, payload, reading, words) => {
    expect(supervisorReading({ id: 'clicks', payload })).toEqual(reading);
    expect(describeReading(supervisorReading({ id: 'clicks', payload }))).toBe(words);
  });

  it.each([
    ['an error', { error: 'clicks does not exist' }],
    ['no JSON', undefined],
    ['a payload of another form', { payload: { scheduleStatus: 'IDLE' } }],
    ['null', null],
  ])('cannot be made of %s', (_, body) => {
    expect(supervisorReading(body)).toBeUndefined();
  });
});
