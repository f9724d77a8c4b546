import type { KubeObject } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappedAdmission } from './mapped-admission.ts';

interface Pod extends KubeObject {
  readonly spec?: object;
  readonly status?: object;
}

function pod(metadata: Partial<KubeObject['metadata']> = {}, rest: Pick<Pod, 'spec' | 'status'> = {}): Pod {
  const named = { namespace: 'ns', name: 'web-0', uid: 'u', resourceVersion: '1', ...metadata };
  return { apiVersion: 'v1', kind: 'Pod', metadata: named, ...rest };
}

const failures: unknown[] = [];
const onFailure = (_object: KubeObject, error: unknown) => void failures.push(error);

/** Keeps labels and status. */
const keep = ({ apiVersion, kind, metadata: { name, labels }, status }: Pod): Pod => {
  return { apiVersion, kind, metadata: { name, ...(labels && { labels }) }, ...(status && { status }) };
};
const partly = mappedAdmission({ keep, onFailure });

describe('an object of a mapped kind', () => {
  it('is kept without the records of its fields, and every change of it is news', () => {
    const whole = mappedAdmission({ onFailure });
    const object = pod({ managedFields: [{ manager: 'kubelet' }] }, { spec: { nodeName: 'a' } });
    expect(whole(object, object)).toEqual({ keep: pod({}, { spec: { nodeName: 'a' } }), quiet: false });
  });

  it('is kept in part where the author says so, and never without knowing which object it is', () => {
    const object = pod(
      { labels: { app: 'web' }, annotations: { a: 'long' } },
      { spec: {}, status: { phase: 'Running' } },
    );
    expect(partly(object, undefined)).toEqual({
      keep: pod({ labels: { app: 'web' } }, { status: { phase: 'Running' } }),
      quiet: false,
    });
  });

  it.each<readonly [string, Pod, boolean]>([
    ['nothing but its version', pod({ resourceVersion: '2' }), true],
    ['what is not kept', pod({ resourceVersion: '2', annotations: { a: 'b' } }, { spec: { nodeName: 'a' } }), true],
    ['a label', pod({ resourceVersion: '2', labels: { app: 'web' } }), false],
    ['its status', pod({ resourceVersion: '2' }, { status: { phase: 'Running' } }), false],
    ['the decision to delete it', pod({ resourceVersion: '2', deletionTimestamp: '2026-01-01T00:00:00Z' }), false],
    ['the object itself', pod({ resourceVersion: '2', uid: 'other' }), false],
  ])('is news when what is kept of it changes: %s', (_what, after, quiet) => {
    const { keep: before } = partly(pod(), undefined);
    expect(partly(after, before).quiet).toBe(quiet);
  });

  it('is kept whole where the author’s function fails, which is told', () => {
    const broken = new Error('no such field');
    const admit = mappedAdmission({
      onFailure,
      keep: () => {
        throw broken;
      },
    });
    expect(admit(pod({}, { spec: {} }), undefined).keep).toEqual(pod({}, { spec: {} }));
    expect(failures).toEqual([broken]);
  });

  it('brings news exactly when what is kept of it differs, whatever the rest does', () => {
    const objects = fc.record({
      phase: fc.constantFrom('Pending', 'Running'),
      nodeName: fc.string(),
      resourceVersion: fc.nat().map(String),
    });
    const podOf = ({
      phase,
      nodeName,
      resourceVersion,
    }: {
      phase: string;
      nodeName: string;
      resourceVersion: string;
    }) => pod({ resourceVersion }, { spec: { nodeName }, status: { phase } });
    fc.assert(
      fc.property(objects, objects, (one, other) => {
        const { keep: before } = partly(podOf(one), undefined);
        const { keep: after, quiet } = partly(podOf(other), before);
        expect(quiet).toBe(one.phase === other.phase);
        expect(after.metadata.resourceVersion).toBe(other.resourceVersion);
      }),
    );
  });
});
