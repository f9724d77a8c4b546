import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminReplicasMustNotChange } from './admin-replicas-must-not-change.ts';
import { adminStorageMustBeSupported } from './admin-storage-must-be-supported.ts';
import { adoptedMustBeAsSaid } from './adopted-must-be-as-said.ts';
import { adoptionMustBePossible } from './adoption-must-be-possible.ts';
import { backendsMustStayAsMade } from './backends-must-stay-as-made.ts';
import { childrenMustBePossible } from './children-must-be-possible.ts';
import type { Guard, Judged, Refusal } from './guard.ts';
import { namesMustStay } from './names-must-stay.ts';
import { profileMustNotChange } from './profile-must-not-change.ts';
import { specMustBeValid } from './spec-must-be-valid.ts';
import { typesMustNotTakeVolumes } from './types-must-not-take-volumes.ts';
import { volumesMustNotShrink } from './volumes-must-not-shrink.ts';

/** The order is the policy: the first refusal is the one the user sees. */
const guards: readonly Guard[] = [
  specMustBeValid, // everything below reads the spec and may trust its shape
  adminStorageMustBeSupported, // prism-admin would end at once
  adminReplicasMustNotChange, // every namespace would be lost without an error
  adoptionMustBePossible, // two would have one name, or a volume nobody would mount
  namesMustStay, // a second one would start beside the first
  adoptedMustBeAsSaid, // its pods would get a container more, or nobody would find them
  profileMustNotChange, // clients would be cut off
  backendsMustStayAsMade, // empty members could outvote those that have the data
  typesMustNotTakeVolumes, // what is on them is nowhere else
  childrenMustBePossible, // everything below looks at the plan
  volumesMustNotShrink, // what is on them is nowhere else; trying would fail at every pass
];

/** The reason why this spec is not carried out, or `undefined` when it may be. */
export function judge(cluster: PrismCluster, judged: Judged): Refusal | undefined {
  for (const guard of guards) {
    const refusal = guard(cluster, judged);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
