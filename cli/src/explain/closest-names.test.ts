import { expect, test } from 'vitest';
import { closestNames } from './closest-names.ts';

const names = ['shop/orders', 'shop/order-archive', 'default/streambus-minimal', 'shop/orphans'];

test.each([
  ['shop/ordres', ['shop/orders']],
  ['shop/order', ['shop/orders', 'shop/order-archive']],
  ['elsewhere/quite-another', []],
])('nearest to %s are %j', (wanted, nearest) => {
  expect(closestNames(wanted, names)).toEqual(nearest);
});
