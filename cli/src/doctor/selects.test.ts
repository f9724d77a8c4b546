import type { LabelSelector } from '@capstan/kube';
import { expect, test } from 'vitest';
import { selects } from './selects.ts';

const labels = { team: 'shop', stage: 'live' };
const where = (operator: string, key: string, ...values: readonly string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[LabelSelector, boolean]>([
  [{}, true],
  [{ matchLabels: { team: 'shop' } }, true],
  [{ matchLabels: { team: 'shop', stage: 'test' } }, false],
  [where('In', 'team', 'shop', 'bank'), true],
  [where('In', 'team', 'bank'), false],
  [where('In', 'owner', 'shop'), false],
  [where('NotIn', 'team', 'shop'), false],
  [where('NotIn', 'owner', 'shop'), true],
  [where('Exists', 'team'), true],
  [where('Exists', 'owner'), false],
  [where('DoesNotExist', 'team'), false],
  [where('DoesNotExist', 'owner'), true],
  [{ matchLabels: { team: 'shop' }, ...where('Exists', 'owner') }, false],
])('%j selects a namespace of team shop: %s', (selector, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});
