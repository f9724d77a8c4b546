import { expect, it } from 'vitest';
import { projectionText } from './projection.ts';
import { aDesired, aLive, names, ownEntryWith } from './testing.fixture.ts';

const own = ownEntryWith({}).fieldsV1 ?? {};
const desired = aDesired({ data: { a: '1' } });

it('is the same whatever the server and others write into an object of which we own the seal only', () => {
  const before = aLive(desired, []);
  const after = { ...before, metadata: { ...before.metadata, resourceVersion: '2', labels: { foreign: '1' } } };
  expect(projectionText(before, own, names)).toBe(projectionText(after, own, names));
});

it('leaves out our two annotations, and no other', () => {
  const annotations = { 'f:x.test/applied': {}, 'f:x.test/live': {}, 'f:mine': {} };
  const live = aLive(aDesired({ metadata: { name: 'a', annotations: { mine: 'yes', 'x.test/live': 'note' } } }), []);
  expect(projectionText(live, { 'f:metadata': { 'f:annotations': annotations } }, names)).toBe('"yes"');
});

it('follows keyed items and sets wherever they stand', () => {
  const fields = {
    'f:spec': { 'f:l': { 'k:{"name":"x"}': { 'f:v': {} }, 'k:{"name":"y"}': { 'f:v': {} } }, 'f:s': { 'v:"p"': {} } },
  };
  const items = [
    { name: 'x', v: 1 },
    { name: 'y', v: [2] },
  ];
  const text = (l: readonly object[], s: readonly string[]) =>
    projectionText(aLive(aDesired(), [], { spec: { l, s } }), fields, names);
  expect(text(items, ['p', 'q'])).toBe('1\n[2]\n"p"');
  expect(text(items.toReversed(), ['q', 'p'])).toBe('1\n[2]\n"p"');
  expect(text([], [])).toBe('~\n~\n~');
});
