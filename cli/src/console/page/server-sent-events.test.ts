import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventReader } from './server-sent-events.js';

const text = [
  ': alive\n\n',
  'event: overview\ndata: {"a":1}\n\n',
  'data: first\r\ndata:second\r\n\r\n',
  'event: refused\rdata: {}\r\r',
  'id: 7\nretry\n\n',
  'data\n\n',
].join('');

const events = [
  { event: 'overview', data: '{"a":1}' },
  { event: 'message', data: 'first\nsecond' },
  { event: 'refused', data: '{}' },
  { event: 'message', data: '' },
];

describe('server-sent events', () => {
  it('are the same wherever the network cuts them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const read = eventReader();
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((end, index) => text.slice(places[index], end));
        expect(chunks.flatMap((chunk) => read(chunk))).toEqual(events);
      }),
    );
  });

  it('are not told before they are whole', () => {
    const read = eventReader();
    expect([read('data: half'), read(' of it\n'), read('\n')]).toEqual([
      [],
      [],
      [{ event: 'message', data: 'half of it' }],
    ]);
  });
});
