import { describe, expect, it } from 'vitest';
import { memoryObstacle } from './memory-obstacle.ts';

describe('too little memory', () => {
  const need = { what: 'a second control plane', bytes: 1_000_000_000 };

  it('is said with both figures', () => {
    expect(memoryObstacle(need, 640_000_000)).toBe(
      'a second control plane takes 1.0 GB of memory, and 0.6 GB are free: end other programs, and try again',
    );
  });

  it('is none where just enough is free', () => {
    expect(memoryObstacle(need, 1_000_000_000)).toBeUndefined();
  });
});
