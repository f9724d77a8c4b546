import type { ApiError, Draft, KubeObject } from '@capstan/kube';
import { audit } from './audit.ts';
import type { ChildRequests } from './child-requests.ts';
import type { ApplyDecision } from './decide.ts';
import { fieldPathText } from './field-path.ts';
import { ownEntry } from './managed-fields.ts';

/** Where the server refuses a whole `spec` but for some fields: those, which may change. */
const changeable: Readonly<Record<string, ReadonlySet<string>>> = {
  StatefulSet: new Set([
    'f:minReadySeconds',
    'f:ordinals',
    'f:persistentVolumeClaimRetentionPolicy',
    'f:replicas',
    'f:revisionHistoryLimit',
    'f:template',
    'f:updateStrategy',
  ]),
  PersistentVolumeClaim: new Set(['f:resources', 'f:volumeAttributesClassName']),
};

/**
 * The fields for whose change an apply was refused although the body is sound; none when it was refused for anything else.
 *
 * The server has no word of its own for "this field cannot be changed": reason and cause are those of any invalid value, and
 * its sentence differs from kind to kind. What tells it apart is that the same server takes the same body as a new object;
 * it is asked, and nothing is stored. A Service that asks for a port or address it already holds is not recognised.
 */
export async function immutableFields(
  requests: ChildRequests,
  body: Draft<KubeObject>,
  decision: ApplyDecision,
  refusal: ApiError,
): Promise<readonly string[]> {
  const isOurChange = decision.reason === 'DesiredChanged' || decision.reason === 'NeverApplied';
  if (!isOurChange || !refusal.isInvalid || !(await requests.isGoodAsNew(body))) return [];
  const named = [...new Set(refusal.causes.flatMap(({ field }) => field ?? []))];
  const vague = named.filter((field) => field === 'spec');
  const exact = named.filter((field) => field !== 'spec').map((field) => `.${field}`);
  return vague.length === 0 ? exact : [...exact, ...(await changedInSpec(requests, body))];
}

/** The server says "spec" and means some of its fields: those that differ and are not free to. */
async function changedInSpec(requests: ChildRequests, body: Draft<KubeObject>): Promise<readonly string[]> {
  const live = await requests.read();
  const own = live && ownEntry(live, requests.names.fieldManager);
  if (live === undefined || own === undefined) return ['.spec'];
  const free = changeable[body.kind];
  const changed = audit(body, live, own.fieldsV1, requests.names.fieldManager, 'full')
    .map(({ at }) => at.slice(0, 2))
    .filter(([top, field]) => top === 'f:spec' && field !== undefined && free?.has(field) !== true)
    .map(fieldPathText);
  return changed.length === 0 ? ['.spec'] : [...new Set(changed)];
}
