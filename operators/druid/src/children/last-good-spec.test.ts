import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion } from '../a-stage.fixture.ts';
import { specHash } from '../spec/spec-hash.ts';
import { lastGoodConfigMap, lastGoodName, lastGoodSpec } from './last-good-spec.ts';

const spec = { type: 'kafka', suspended: false, spec: { a: 1 } };
const hash = specHash(spec);

describe('the ConfigMap of the last good spec', () => {
  it('gives back what was put into it', () => {
    const { data = {} } = lastGoodConfigMap(anIngestion(kafkaIngestion()), { spec, hash });
    expect(lastGoodSpec(hash, [new Map(Object.entries(data)), undefined])).toEqual({ spec, hash });
  });

  it('has a name that the API server takes, different for different resources', () => {
    const names = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,250}[a-z0-9])?$/);
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(lastGoodName(one).length).toBeLessThanOrEqual(253);
        expect(lastGoodName(one) === lastGoodName(other)).toBe(one === other);
      }),
    );
  });
});

describe('the last good spec', () => {
  it('comes from the status where somebody has spoilt the ConfigMap', () => {
    const spoilt = new Map([['spec.json', '{"type": "kafka", "spec": "evil"}']]);
    expect(lastGoodSpec(hash, [spoilt, JSON.stringify(spec)])).toEqual({ spec, hash });
  });

  it.each([[[undefined]], [[new Map([['spec.json', 'no JSON']]), 'nor this']], [['{}']]])(
    'is none where nothing with the hash was kept: %o',
    (kept) => {
      expect(lastGoodSpec(hash, kept)).toBeUndefined();
    },
  );
});
