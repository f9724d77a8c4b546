import type { Json, JsonObject } from '@capstan/crd';
import type { CacheReader } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Member, PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { isJsonObject, mergePatch } from '../patterns/merge-patch.ts';
import type { WantedCluster } from './remote/propagated.ts';

/** What is to be propagated to a cluster: nothing, a PrismCluster, or something that cannot be. */
export type Wish =
  | { readonly is: 'Nothing' }
  | { readonly is: 'Wanted'; readonly cluster: WantedCluster }
  | {
      readonly is: 'Impossible';
      readonly reason: 'Observed' | 'TemplateMissing' | 'TemplateInvalid';
      readonly message: string;
    };

/** The PrismCluster that a federation propagates to one of its clusters. */
export function wishFor(
  federation: PrismFederation,
  member: Member,
  at: string,
  cache: Pick<CacheReader, 'get'>,
): Wish {
  const { policy } = federation.spec.propagation;
  if (policy === 'Observe') return observed(member, at);
  const template = templateOf(federation, cache);
  if (typeof template === 'string') return { is: 'Impossible', reason: 'TemplateMissing', message: template };
  const spec = withoutNulls(mergePatch(template, member.overrides ?? {}));
  const name = member.prismCluster?.name ?? federation.metadata.name;
  const problems = PrismCluster.validate({ metadata: { name }, spec });
  const unknown = PrismCluster.unknownFields({ metadata: { name }, spec }).map(
    (path) => `${path}: there is no such field`,
  );
  const [first, ...more] = [...problems.map(({ path, message }) => `${path}: ${message}`), ...unknown];
  if (first !== undefined) {
    const others = more.length === 0 ? '' : `; and ${more.length} more`;
    const message = `The template with ${at}.overrides is no PrismCluster: ${first}${others}`;
    return { is: 'Impossible', reason: 'TemplateInvalid', message };
  }
  return { is: 'Wanted', cluster: { spec, ...(member.region !== undefined && { region: member.region }) } };
}

/** An API server drops fields that are null, so they would be missed there for ever. */
function withoutNulls(spec: JsonObject): JsonObject {
  const fields = Object.entries(spec).filter(([, value]) => value !== null);
  return Object.fromEntries(fields.map(([key, value]) => [key, inside(value)]));
}

function inside(value: Json): Json {
  if (Array.isArray(value)) return value.map(inside);
  return isJsonObject(value) ? withoutNulls(value) : value;
}

function observed({ overrides }: Member, at: string): Wish {
  if (overrides === undefined) return { is: 'Nothing' };
  const message = `${at}.overrides has no effect: spec.propagation.policy is Observe`;
  return { is: 'Impossible', reason: 'Observed', message };
}

/** The spec to start from, or why there is none. */
function templateOf({ metadata, spec }: PrismFederation, cache: Pick<CacheReader, 'get'>): JsonObject | string {
  const { template, from } = spec.propagation;
  if (template !== undefined) return template;
  if (from === undefined) return 'spec.propagation: needs a template or from';
  const found = cache.get(PrismCluster, { namespace: metadata.namespace, name: from.name });
  if (found === undefined) return `spec.propagation.from: PrismCluster/${from.name} does not exist in this namespace`;
  return found.spec as unknown as JsonObject; // what the API server returned is JSON
}

/** The PrismClusters of the own namespace that a federation names. */
export function templatesNamedBy({ spec }: PrismFederation): readonly { readonly name: string }[] {
  const from = spec.propagation?.from;
  return from === undefined ? [] : [{ name: from.name }];
}
