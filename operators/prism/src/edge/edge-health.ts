import type { Condition, Ingress, KubeObject } from '@capstan/kube';
import type { Certificate, GRPCRoute, ParentReference } from '@capstan/resources';
import { conditionOf, type Desired, desiredOf, type LiveReader, type WantedCondition } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { edgeChildren } from './edge-children.ts';
import { adminHost, type Edge, edgeOf, hasIngress } from './exposed.ts';
import { adminSpeaksGrpc } from './grpc-route.ts';

/** Whether clients outside reach a cluster, as the controllers of its Ingress, its routes and its certificate tell. */
export type EdgeHealth = Pick<WantedCondition, 'status' | 'reason' | 'message'>;

/**
 * Sums up what lets clients outside in; `undefined` where nothing is asked for. Pure.
 * @param live the objects as the cache has them
 */
export function edgeHealth(cluster: PrismCluster, live: LiveReader): EdgeHealth | undefined {
  const edge = edgeOf(cluster);
  if (edge === undefined) return undefined;
  const sentences = [
    ...unreachableAdmin(cluster, edge),
    ...edgeChildren(cluster).flatMap((child) => problemsOf(desiredOf(child), live(child))),
  ];
  if (sentences.length > 0) return { status: 'False', reason: 'Waiting', message: `${sentences.join('; ')}.` };
  const served = 'Everything that lets clients in has been taken up.';
  const caution = cautionOf(edge);
  if (caution === undefined) return { status: 'True', reason: 'Serving', message: served };
  return { status: 'True', reason: 'WithCautions', message: `${served} ${caution}` };
}

/** An Ingress can carry HTTP; the one kind of route there is cannot. */
function unreachableAdmin(cluster: PrismCluster, edge: Edge): readonly string[] {
  if (adminHost(edge) === undefined || hasIngress(edge) || adminSpeaksGrpc(cluster)) return [];
  return [
    `prism-admin speaks HTTP in profile ${cluster.spec.profile}, which a GRPCRoute does not carry: name a className, and it gets an Ingress`,
  ];
}

/** ingress-nginx takes HTTP/2 on its TLS port only. */
function cautionOf(edge: Edge): string | undefined {
  if (!hasIngress(edge) || edge.tls?.enabled === true) return undefined;
  return (
    'There is no TLS: ingress-nginx, like most Ingress controllers, takes gRPC on its TLS port only, and shows clients a certificate ' +
    'there that they do not trust. Set spec.ingress.tls.'
  );
}

function problemsOf({ kind, metadata }: Desired, live: KubeObject | undefined): readonly string[] {
  const name = `${kind}/${metadata.name}`;
  if (live === undefined) return [`${name} does not exist yet${requiredFor[kind] ?? ''}`];
  if (isIngress(live)) return ingressProblems(name, live);
  if (isRoute(live)) return routeProblems(name, live);
  return isCertificate(live) ? certificateProblems(name, live) : [];
}

/** What has to be installed for a kind to exist at all. */
const requiredFor: Readonly<Record<string, string>> = {
  GRPCRoute: ', for which the Gateway API has to be installed',
  Certificate: ', for which cert-manager has to be installed',
};

function isIngress(object: KubeObject): object is Ingress {
  return object.kind === 'Ingress';
}

function isRoute(object: KubeObject): object is GRPCRoute {
  return object.kind === 'GRPCRoute';
}

function isCertificate(object: KubeObject): object is Certificate {
  return object.kind === 'Certificate';
}

function ingressProblems(name: string, { spec, status }: Ingress): readonly string[] {
  if ((status?.loadBalancer?.ingress ?? []).length > 0) return [];
  const { ingressClassName: className } = spec ?? {};
  const which = className === undefined ? 'of the default class' : `of class ${className}`;
  return [`${name} has no address yet: no Ingress controller ${which} has taken it up`];
}

function routeProblems(name: string, { metadata, spec, status }: GRPCRoute): readonly string[] {
  const { namespace, generation } = metadata;
  return spec.parentRefs.flatMap((wanted) => {
    const gateway = `Gateway ${wanted.name}`;
    const answer = status?.parents?.find(({ parentRef }) => isSame(parentRef, wanted, namespace));
    if (answer === undefined) return [`${name}: ${gateway} has not taken it up yet`];
    return ['Accepted', 'ResolvedRefs'].flatMap((type) => {
      const condition = conditionOf(answer.conditions, type);
      return isTrue(condition, generation) ? [] : [`${name}: ${gateway} ${whyNot(condition)}`];
    });
  });
}

function isSame(told: ParentReference, wanted: ParentReference, namespace: string | undefined): boolean {
  return (
    told.name === wanted.name &&
    (told.namespace ?? namespace) === (wanted.namespace ?? namespace) &&
    told.sectionName === wanted.sectionName
  );
}

/** What was said of an earlier spec says nothing of this one. */
function isTrue(condition: Condition | undefined, generation: number | undefined): boolean {
  const { status, observedGeneration = generation } = condition ?? {};
  return status === 'True' && observedGeneration === generation;
}

function whyNot(condition: Condition | undefined): string {
  if (condition?.status !== 'False') return 'has not taken up what it is now';
  return `says ${condition.reason}, ${inOneLine(condition.message)}`;
}

function certificateProblems(name: string, { status }: Certificate): readonly string[] {
  const ready = conditionOf(status?.conditions, 'Ready');
  if (ready?.status === 'True') return [];
  return [ready === undefined ? `${name} has not been issued yet` : `${name}: ${inOneLine(ready.message)}`];
}

/** Sentences of others, in the middle of one of ours. */
function inOneLine(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').replace(/[. ]+$/, '');
}
