import type { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { heldIn, heldTypeIn } from './converge/held.ts';
import type { Refusal } from './judge/guard.ts';
import type { Observed } from './observe.ts';
import { mayBeSent } from './spec/safety/may-be-sent.ts';
import type { SafetyRules } from './spec/safety/safety-rules.ts';
import { fallbackIdOf, type Understood } from './spec/understand.ts';
import { understandSent } from './spec/understand-sent.ts';

/**
 * How a pass goes about Druid. `AsWanted`: by the spec. `LastGood`: by the last one that Druid took, because the spec may not be
 * sent. `Tend`: it only looks after what is there, because neither may be. `Nothing`: Druid may not be asked, or has nothing of it.
 */
export type Approach =
  | { readonly kind: 'AsWanted'; readonly understood: Understood }
  | { readonly kind: 'LastGood'; readonly understood: Understood }
  | { readonly kind: 'Tend' }
  | { readonly kind: 'Nothing' };

/** Refusals that are about Druid itself, or about whose the supervisor is. */
const untouchable: readonly Refusal['reason'][] = ['SecretNotOwn', 'EndpointNotAllowed', 'EndpointChanged'];

/** How to go about Druid, by what is known before it is asked. Pure. */
export function approachOf(
  ingestion: DruidIngestion,
  observed: Observed,
  refusal: Refusal | undefined,
  safety: SafetyRules,
): Approach {
  const { connecting, understanding } = observed;
  if (connecting === undefined || 'missing' in connecting) return { kind: 'Nothing' };
  const isWhole = refusal === undefined && connecting.lacking === undefined;
  if (isWhole && understanding !== undefined && 'understood' in understanding)
    return { kind: 'AsWanted', understood: understanding.understood };
  return mayGoOn(ingestion, observed, refusal) ? withoutSpec(ingestion, observed, safety) : { kind: 'Nothing' };
}

function mayGoOn({ status = {} }: DruidIngestion, { rival }: Observed, refusal: Refusal | undefined): boolean {
  const held = heldIn(status);
  if (held === undefined || (refusal !== undefined && untouchable.includes(refusal.reason))) return false;
  // Another one has just what this one has in Druid: they would change it in turns.
  return refusal?.reason !== 'OwnedByAnother' || rival?.claim !== `supervisor ${held.id}`;
}

function withoutSpec(ingestion: DruidIngestion, { lastGood, connecting }: Observed, safety: SafetyRules): Approach {
  const { status = {} } = ingestion;
  if (lastGood === undefined || connecting === undefined || 'missing' in connecting) return { kind: 'Tend' };
  const understood = understandSent(lastGood.spec, heldTypeIn(status) ?? '', fallbackIdOf(ingestion));
  const isUsable = understood !== undefined && mayBeSent(lastGood.spec, connecting.connected.values, safety);
  return isUsable ? { kind: 'LastGood', understood } : { kind: 'Tend' };
}
