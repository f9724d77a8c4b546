import { ApiError, type KubeClient } from '@capstan/kube';
import type { FormerChild } from './former-children.ts';
import { withoutMarks } from './without-marks.ts';

/** What became of one object. */
export type GivenBack = 'given back' | 'was so already' | 'is gone';

/** Somebody else may write at the same moment, and again. */
const attempts = 5;

/**
 * Takes the operator's marks off one object, by one patch.
 * @param cluster name of the cluster it was of
 * @throws {ApiError} when it may not be patched, or changes each time
 */
export async function giveBack(
  client: Pick<KubeClient, 'get' | 'patch'>,
  child: FormerChild,
  cluster: string,
): Promise<GivenBack> {
  for (let attempt = 1; ; attempt++) {
    const { type, namespace, name } = child;
    const object = await client.get(type, { namespace, name }, { metadataOnly: true });
    if (object === undefined) return 'is gone';
    const body = withoutMarks(object, cluster);
    if (body === undefined) return 'was so already';
    try {
      await client.patch(type, { namespace, name }, { kind: 'merge', body }, { fieldManager: 'prismctl' });
      return 'given back';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isNotFound) return 'is gone';
      if (error.status !== 409 || attempt === attempts) throw error;
    }
  }
}
