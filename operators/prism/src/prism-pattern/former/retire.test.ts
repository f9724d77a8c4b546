import {
  ApiError,
  Deployment,
  HorizontalPodAutoscaler,
  type ObjectRef,
  type ResourceType,
  Service,
} from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aPattern } from '../a-pattern.fixture.ts';
import { anOriginal } from './an-original.fixture.ts';
import type { OriginalObject } from './original-objects.ts';
import { retire, retirementEvents } from './retire.ts';
import type { Succession } from './succession.ts';

const pattern = aPattern();
const objects: readonly OriginalObject[] = [
  { type: HorizontalPodAutoscaler, live: anOriginal(pattern, 'HorizontalPodAutoscaler') },
  { type: Deployment, live: anOriginal(pattern, 'Deployment') },
  { type: Service, live: anOriginal(pattern, 'Service') },
];
const names = ['HorizontalPodAutoscaler/letters', 'Deployment/letters', 'Service/letters'];

/** A pass that notes what is deleted, and may not delete one kind. */
function aPass(isRehearsal = false, protectedKind?: string) {
  const deleted: string[] = [];
  const remove = async ({ kind }: ResourceType, { uid, namespace, name }: ObjectRef & { readonly uid: string }) => {
    if (kind === protectedKind) throw new ApiError({ status: 403, reason: 'Forbidden', message: 'you may not' });
    deleted.push(`${kind} ${namespace}/${name} ${uid}`);
    return 'Removed' as const;
  };
  return { deleted, remove, isRehearsal };
}

const succession = (kind: Exclude<Succession['kind'], 'None'>): Succession => ({ kind, objects });

describe('retiring what the original operator made', () => {
  it.each<[Exclude<Succession['kind'], 'None'>, boolean, readonly string[]]>([
    ['Going', false, names],
    ['Waiting', false, []],
    ['Kept', false, []],
    ['StillMade', false, []],
    ['Going', true, names],
    ['Waiting', true, names],
    ['Kept', true, []],
    ['StillMade', true, []],
  ])('of what is %s (asked beforehand: %s) deletes %o', async (kind, isRehearsal, expected) => {
    const pass = aPass(isRehearsal);
    expect((await retire(succession(kind), pass)).names).toEqual(expected);
    expect(pass.deleted).toHaveLength(expected.length);
  });

  it('names the one that is meant by its UID, and tells of it once', async () => {
    const pass = aPass();
    const retired = await retire(succession('Going'), pass);
    expect(pass.deleted[1]).toBe('Deployment shop/letters uid-Deployment');
    expect(retirementEvents(retired)).toHaveLength(1);
    expect(retirementEvents(await retire({ kind: 'None' }, pass))).toEqual([]);
  });

  it('does not ask again for what is being deleted', async () => {
    const live = anOriginal(pattern, 'Deployment', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    const pass = aPass();
    await retire({ kind: 'Going', objects: [{ type: Deployment, live }] }, pass);
    expect(pass.deleted).toEqual([]);
  });

  it('goes on after one that may not be deleted, and says why that is so', async () => {
    const retired = await retire(succession('Going'), aPass(false, 'HorizontalPodAutoscaler'));
    expect(retired.names).toEqual(names.slice(1));
    expect(retired.error).toBeInstanceOf(ApiError);
    expect(retired.failures).toEqual([
      {
        ...{ child: names[0], terminal: false, reason: 'Forbidden' },
        message: 'HorizontalPodAutoscaler/letters of the original operator cannot be deleted: you may not',
      },
    ]);
  });
});
