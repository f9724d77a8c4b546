import type { Outcome } from '@capstan/runtime';
import type { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import type { Decision } from './decision/decision.ts';
import type { MemberFound } from './members.ts';
import type { Published } from './publish.ts';
import type { Sighting } from './remote/remote-session.ts';
import type { Wish } from './wanted-clusters.ts';

/** What a pass found of one cluster: the way into it, what is to be there, what is seen of it. */
export interface MemberFindings extends Pick<MemberFound, 'member' | 'access'> {
  readonly wish: Wish;
  readonly sighting: Sighting | undefined;
}

/** What a pass found of a federation and did for it: all that its status is made of. */
export interface Findings {
  readonly federation: PrismFederation;
  readonly decision: Decision;
  readonly members: readonly MemberFindings[];
  readonly published: Published;
  readonly outcome: Outcome;
}
