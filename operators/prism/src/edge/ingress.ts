import type { Draft, Ingress } from '@capstan/kube';
import { type Labels, ingress as resource } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { namesOf, ownName } from '../names.ts';
import type { ServedPort } from '../profiles/component-profile.ts';
import { adminProfile, profileOf } from '../profiles/profiles.ts';
import { adminHost, type Edge, tlsSecretName } from './exposed.ts';

/** What ingress-nginx speaks with the pods: HTTP/1 unless told. Controllers of other makers do not read it. */
const backendProtocol = 'nginx.ingress.kubernetes.io/backend-protocol';

/** Lets clients outside reach the proxies by gRPC. What the spec says in annotations goes before what is said here. */
export function proxyIngress(cluster: PrismCluster, edge: Edge): Draft<Ingress> {
  const { ingress: name, proxyService: service } = namesOf(cluster);
  return ingressTo(cluster, edge, {
    ...{ name, service, component: 'prism-proxy', served: profileOf(cluster).proxy.serves },
    annotations: { [backendProtocol]: 'GRPC', ...edge.annotations },
  });
}

/** Lets clients outside reach prism-admin, where the spec asks for it. By itself, as its protocol need not be that of the proxy. */
export function adminIngress(cluster: PrismCluster, edge: Edge): Draft<Ingress> | undefined {
  const host = adminHost(edge);
  if (host === undefined) return undefined;
  const name = ownName(cluster, 'prism-admin');
  const { adminService: service } = namesOf(cluster);
  const served = adminProfile(cluster, cluster.spec.admin.replicas).serves;
  return ingressTo(
    cluster,
    { ...edge, host },
    {
      ...{ name, service, component: 'prism-admin', served },
      // What the annotations say of the protocol is said of the proxy.
      annotations: { ...edge.annotations, [backendProtocol]: speaksGrpc(served) ? 'GRPC' : 'HTTP' },
    },
  );
}

/** Whether gRPC is spoken at a port, rather than HTTP. */
export function speaksGrpc({ appProtocol }: ServedPort): boolean {
  return appProtocol === 'grpc';
}

interface Target {
  readonly name: string;
  readonly component: string;
  readonly service: string;
  readonly served: ServedPort;
  readonly annotations: Labels;
}

function ingressTo(cluster: PrismCluster, edge: Edge, { name, component, ...target }: Target): Draft<Ingress> {
  const { className: ingressClassName, host } = edge;
  const { service, served, annotations } = target;
  const secretName = tlsSecretName(cluster, edge);
  const draft = resource(
    { ...childMetadata(cluster, name, component, 'edge'), annotations },
    {
      ...(ingressClassName !== undefined && { ingressClassName }),
      hosts: { [host ?? anyHost]: [{ service, port: served.servicePort }] },
      ...(secretName !== undefined && { tls: [{ ...(host !== undefined && { hosts: [host] }), secretName }] }),
    },
  );
  return host === undefined ? withoutHosts(draft) : draft;
}

/** Stands for every host until the draft is made. */
const anyHost = '';

/** A rule for every host names none; the API server would drop an empty name, and each pass would miss it. */
function withoutHosts(draft: Draft<Ingress>): Draft<Ingress> {
  const rules = (draft.spec?.rules ?? []).map(({ host: _any, ...rule }) => rule);
  return { ...draft, spec: { ...draft.spec, rules } };
}
