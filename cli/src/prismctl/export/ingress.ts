import type { Ingress, Service } from '@capstan/kube';
import type { IngressDraft } from './cluster-draft.ts';
import type { CredentialGuard } from './credentials.ts';
import { differs, type Finding, leftOut } from './finding.ts';
import { holderOf } from './holder.ts';
import type { LiveObjects } from './live-objects.ts';

type IngressRule = NonNullable<NonNullable<Ingress['spec']>['rules']>[number];
type IngressTls = NonNullable<NonNullable<Ingress['spec']>['tls']>[number];

export interface IngressAnswer {
  readonly ingress?: Ingress;
  readonly said?: IngressDraft;
  readonly findings: readonly Finding[];
}

/** The Ingress that leads to prism-proxy: its class, host, certificate and annotations. Its routes stay as they are. */
export function describeIngress(service: Service, live: LiveObjects, guard: CredentialGuard): IngressAnswer {
  const own = live.ingresses.filter((each) => leadsTo(each, service));
  const [ingress, another] = own;
  if (ingress === undefined) return { findings: [] };
  const problem =
    another === undefined
      ? holderOf(ingress)
      : 'several Ingresses lead to prism-proxy: which of them is meant cannot be told';
  if (problem !== undefined) return { findings: own.map((each) => leftOut(each, `${problem}; it goes on as it is`)) };
  const { annotations, unsaid } = annotationsOf(ingress, guard);
  const withheld = unsaid.map((name) => `annotation ${name} may hold a login: it is not in the cluster, and stays`);
  const said = { ...saidOf(ingress, service), ...(annotations && { annotations }) };
  const differences = [...withheld, ...furtherRoutes(ingress, service), ...tlsProblem(ingress, said)];
  return { ingress, said, findings: differences.map((message) => differs(ingress, message)) };
}

function pathsOf({ http }: IngressRule) {
  return http?.paths ?? [];
}

function leadsTo({ metadata, spec }: Ingress, service: Service): boolean {
  const backends = [...(spec?.rules ?? []).flatMap(pathsOf).map(({ backend }) => backend), spec?.defaultBackend];
  const isHere = metadata.namespace === service.metadata.namespace;
  return isHere && backends.some((backend) => backend?.service?.name === service.metadata.name);
}

/** The rule that leads to prism-proxy, of several the first. */
function ruleTo({ spec }: Ingress, { metadata }: Service): IngressRule | undefined {
  return spec?.rules?.find((rule) => pathsOf(rule).some(({ backend }) => backend.service?.name === metadata.name));
}

function saidOf(ingress: Ingress, service: Service): IngressDraft {
  const host = ruleTo(ingress, service)?.host;
  const className = ingress.spec?.ingressClassName;
  const secretName = tlsOf(ingress, host)?.secretName;
  return {
    ...(className !== undefined && { className }),
    ...(host !== undefined && { host }),
    ...(secretName !== undefined && { tls: { secretName } }),
  };
}

function tlsOf({ spec }: Ingress, host: string | undefined): IngressTls | undefined {
  const all = spec?.tls ?? [];
  return (
    all.find(({ hosts = [] }) => host !== undefined && hosts.includes(host)) ?? (all.length === 1 ? all[0] : undefined)
  );
}

/** Where it leads besides, which a cluster cannot say. */
function furtherRoutes(ingress: Ingress, service: Service): readonly string[] {
  const { spec } = ingress;
  const own = ruleTo(ingress, service);
  const routes = (spec?.rules ?? []).flatMap((rule) =>
    pathsOf(rule)
      .filter(
        ({ path = '/', backend }) => rule !== own || path !== '/' || backend.service?.name !== service.metadata.name,
      )
      .map(({ path = '/', backend }) => `${rule === own ? '' : (rule.host ?? '*')}${path} to ${backend.service?.name}`),
  );
  const all = [...routes, ...(spec?.defaultBackend === undefined ? [] : ['a defaultBackend'])];
  return all.length === 0 ? [] : [`it leads further (${all.join(', ')}): that is not in the cluster, and stays`];
}

function tlsProblem({ spec }: Ingress, { tls }: IngressDraft): readonly string[] {
  const isUnsaid = (spec?.tls?.length ?? 0) > 0 && tls === undefined;
  return isUnsaid ? ['its TLS names no single Secret: that is not in the cluster, and stays'] : [];
}

function annotationsOf({ metadata }: Ingress, guard: CredentialGuard) {
  const all = Object.entries(metadata.annotations ?? {}).filter(([name]) => !name.startsWith('kubectl.kubernetes.io/'));
  const open = all.filter(([name, value]) => !guard.withholds(name, value));
  const unsaid = all.filter((each) => !open.includes(each)).map(([name]) => name);
  return { unsaid, ...(open.length > 0 && { annotations: Object.fromEntries(open) }) };
}
