import type { Clock, KubeClient } from '@capstan/kube';
import type { ObjectKey } from '../cache/object-key.ts';
import type { ChildApplier } from '../engine/child-applier.ts';
import type { FightLedger } from '../engine/fights.ts';
import type { AppliedMemory } from '../engine/memory.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { ChildKinds } from './child-kinds.ts';
import type { PrimaryKind, Resource } from './reconciler.ts';
import type { Recreations } from './recreations.ts';
import type { StepWaits } from './step-waits.ts';

/** What applying and pruning need besides the plan: the same for every pass of a controller, but for the signal. */
export interface ApplyContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly kinds: ChildKinds;
  readonly names: EngineNames;
  readonly memory: AppliedMemory;
  readonly applier: ChildApplier;
  readonly fights: FightLedger;
  readonly waits: StepWaits;
  readonly recreations: Recreations;
  readonly primary: PrimaryKind<Resource>;
  /** Who wants a name that a stranger holds: to be told when the stranger goes. Child name in the memory, then resource. */
  readonly claims: Map<string, ObjectKey>;
  /** Lets go what is remembered of deleted children of a resource that its plan does not name any more. */
  readonly forgetUnwanted: (owner: ObjectKey, wanted: ReadonlySet<string>) => void;
  readonly signal: AbortSignal;
}
