import { ApiError, HorizontalPodAutoscaler, type KubeObject } from '@capstan/kube';
import { ScaledObject } from '@capstan/resources';
import { childName, type Pass } from '@capstan/runtime';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import type { Scaler } from './scaler.ts';

/** Who else scales a workload, as the API server has it now. */
export interface OtherScalers {
  /** Such as `HorizontalPodAutoscaler/web`, sorted. */
  readonly names: readonly string[];
  readonly isKedaServed: boolean;
}

/**
 * Looks for autoscalers of a workload besides the one that is to be made. Asked of the API server, for the cache may not know yet of one
 * that this operator made a moment ago; and only when one is to be made, so a settled pattern costs no request.
 */
export async function otherScalers(
  pass: Pick<Pass<PrismPattern>, 'list'>,
  { metadata: { uid } }: PrismPattern,
  {
    workload,
    scaler,
  }: { readonly workload: { readonly kind: string; readonly name: string }; readonly scaler: Scaler },
): Promise<OtherScalers> {
  const isTheOne = ({ kind, metadata }: KubeObject) =>
    kind === (scaler === 'hpa' ? 'HorizontalPodAutoscaler' : 'ScaledObject') &&
    metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
  const autoscalers = await pass.list(HorizontalPodAutoscaler);
  const scaledObjects = await servedScaledObjects(pass);
  const found = [
    ...autoscalers.filter(({ spec }) => isTarget(spec?.scaleTargetRef, workload)),
    ...(scaledObjects ?? []).filter(({ spec }) => isTarget({ kind: 'Deployment', ...spec.scaleTargetRef }, workload)),
  ];
  return {
    names: found
      .filter((each) => !isTheOne(each))
      .map(childName)
      .sort(),
    isKedaServed: scaledObjects !== undefined,
  };
}

/** `undefined` where KEDA is not installed. */
async function servedScaledObjects(
  pass: Pick<Pass<PrismPattern>, 'list'>,
): Promise<readonly ScaledObject[] | undefined> {
  try {
    return await pass.list(ScaledObject);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

type Ref = { readonly kind: string; readonly name: string };

function isTarget(ref: Ref | undefined, { kind, name }: Ref): boolean {
  return ref?.kind === kind && ref.name === name;
}
