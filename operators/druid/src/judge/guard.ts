import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Observed } from '../observe.ts';
import type { SafetyRules } from '../spec/safety/safety-rules.ts';

/** Why a spec is not carried out, for the condition and the event that tell the user. */
export interface Refusal {
  readonly reason: Extract<
    Reason,
    | 'SpecInvalid'
    | 'SpecMissing'
    | 'TypeUnsupported'
    | 'SpecUnsafe'
    | 'SecretNotOwn'
    | 'EndpointNotAllowed'
    | 'EndpointChanged'
    | 'OwnedByAnother'
  >;
  /** Says what is wrong, where, and what to do. */
  readonly message: string;
}

/** What this operator lets its users do. */
export interface Policy {
  readonly safety: SafetyRules;
  /** Hosts that `spec.endpoint.url` may name. */
  readonly allowedEndpoints: readonly string[];
}

/** What a spec is judged by. */
export type Judged = Pick<Observed, 'source' | 'understanding' | 'rival' | 'connecting'>;

/** Refuses a spec that must not be carried out; `undefined` lets it pass. */
export type Guard = (ingestion: DruidIngestion, observed: Judged, policy: Policy) => Refusal | undefined;
