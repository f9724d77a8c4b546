import { describe, expect, it } from 'vitest';
import { failedTask } from './captured-answers.fixture.ts';
import { redactionOf } from './redaction.ts';
import { taskStatusOf } from './task-status.ts';

const plain = redactionOf([]);

describe('the status of a task', () => {
  it('tells why it failed in one line', () => {
    expect(taskStatusOf(failedTask, plain)).toEqual({
      status: 'FAILED',
      runnerStatus: 'WAITING',
      durationMs: 148,
      error: 'Max parse exceptions[0] exceeded',
    });
  });

  it('has no error while it runs', () => {
    const running = {
      task: 'a',
      status: { status: 'RUNNING', runnerStatusCode: 'PENDING', duration: -1, errorMsg: null },
    };
    expect(taskStatusOf(running, plain)).toEqual({ status: 'RUNNING', runnerStatus: 'PENDING', durationMs: -1 });
  });

  it.each([undefined, {}, { status: null }, { status: { status: 'DREAMING' } }])('is none for %j', (body) => {
    expect(taskStatusOf(body, plain)).toBeUndefined();
  });
});
