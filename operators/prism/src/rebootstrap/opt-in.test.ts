import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { rebootstrapAdminAnnotation } from '../annotations.ts';
import { membersOptedFor, offerText } from './opt-in.ts';

function optedFor(text: string, bootstrapped: number): number | undefined {
  const cluster = aCluster();
  return membersOptedFor(
    { ...cluster, metadata: { ...cluster.metadata, annotations: { [rebootstrapAdminAnnotation]: text } } },
    bootstrapped,
  );
}

describe('the number of members that a person agrees to', () => {
  it.each([
    ['1->3', 1, 3],
    ['3->5', 3, 5],
    ['5->1', 5, 1],
    ['1->3', 3, undefined],
    ['3->3', 3, undefined],
    ['1->2', 1, undefined],
    ['1->7', 1, undefined],
    ['1 -> 3', 1, undefined],
    ['1->3\n', 1, undefined],
    ['3', 1, undefined],
    ['true', 1, undefined],
    ['', 1, undefined],
    ['1->3', 0, undefined],
  ])('is what %j says of a group of %i, or nothing: %o', (text, bootstrapped, expected) => {
    expect(optedFor(text, bootstrapped)).toBe(expected);
  });

  it('is of exactly one change, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(0, 1, 3, 5), (text, bootstrapped) => {
        const to = optedFor(text, bootstrapped);
        if (to !== undefined) expect(text).toBe(`${bootstrapped}->${to}`);
      }),
    );
  });
});

describe('the offer', () => {
  it('says what is stopped, what comes back, what is lost, what stays, and how to forget about it', () => {
    expect(offerText(aCluster(), 3, { bootstrapped: 1, replays: { names: ['a'], missing: [] } })).toBe(
      'spec.admin.replicas may be set to 3. prism-admin is then stopped and started with 3 on empty volumes; proxies and patterns go on. ' +
        '1 PrismNamespace of this cluster will be created in it anew, and every namespace without one is lost; so is what proxies and launchers registered by themselves. ' +
        'The volumes of the present one stay and are not used again. Remove the annotation prism.io/rebootstrap-admin to forget about it',
    );
  });
});
