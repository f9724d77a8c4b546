import { expect, test } from 'vitest';
import { tellNews } from './news-teller.ts';

test('what was shown already is not told; what changes, comes or goes is, once', () => {
  const told: string[] = [];
  const news = tellNews((text) => told.push(text));
  const [a, b] = [
    { about: 'a', text: 'a  Ready' },
    { about: 'b', text: 'b  Ready' },
  ];
  news([a, b], true);
  news([a, b], false);
  expect(told).toEqual([]);
  news([a, { about: 'b', text: 'b  NotReady' }, { about: 'c', text: 'c  Pending' }], false);
  expect(told.splice(0)).toEqual(['b  NotReady', 'c  Pending']);
  news([a], false);
  expect(told).toEqual(['gone: b', 'gone: c']);
});
