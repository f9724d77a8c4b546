import type { Unenforceable } from './api/v1alpha1/security.ts';
import type { StreamBusClusterSpec } from './api/v1alpha1/stream-bus-cluster.ts';
import type { AccessPolicy } from './proxy/proxy-settings.ts';
import { featuresOf } from './proxy/version-features.ts';

/** The proxy in front of each broker: what it needs and what it enforces. */
export interface ProxyDemand {
  readonly certSecret: string;
  /** The Secret with `ca.crt`; absent where clients show no certificates. */
  readonly caSecret?: string;
  /** Absent where every client whose certificate is good may connect. */
  readonly access?: AccessPolicy;
}

/** What a spec asks for in matters of security, sorted into what is done and what cannot be. */
export interface Protection {
  /** Something was asked for. */
  readonly isAsked: boolean;
  /** Absent: clients reach the broker itself, in the clear. */
  readonly proxy?: ProxyDemand;
  /** A NetworkPolicy keeps strangers from the ports that the proxy does not cover. */
  readonly isFenced: boolean;
  /** What nobody enforces, in the order of the schema. */
  readonly unenforced: readonly Unenforceable[];
  /** Those of them that the user has not accepted; `Ready` is withheld while there are any. */
  readonly unaccepted: readonly Unenforceable[];
}

/** Reads the protection that a spec asks for. Pure. */
export function protectionOf(spec: StreamBusClusterSpec): Protection {
  const proxy = proxyDemand(spec);
  const unenforced = unenforcedOf(spec, proxy);
  const accepted: readonly string[] = spec.security?.acceptUnenforced ?? [];
  return {
    isAsked: isAsked(spec),
    ...(proxy !== undefined && { proxy }),
    isFenced: isFenced(spec),
    unenforced,
    unaccepted: unenforced.filter((word) => !accepted.includes(word)),
  };
}

function isAsked({ security, observability }: StreamBusClusterSpec): boolean {
  const { enabled, tls, authentication, authorization } = security ?? {};
  const switches = [enabled, tls?.enabled, authentication?.enabled, authorization?.enabled];
  return switches.includes(true) || observability.logging?.auditLog?.enabled === true;
}

/** Security cannot be had without a fence: raft and the administration API ask nobody who they are. */
function isFenced(spec: StreamBusClusterSpec): boolean {
  const { security, multiTenancy } = spec;
  const wish = security?.networkPolicy?.enabled;
  if (wish !== undefined) return wish;
  const { enabled, tls, authentication, authorization } = security ?? {};
  const isSecured = [enabled, tls?.enabled, authentication?.enabled, authorization?.enabled].includes(true);
  return isSecured || (multiTenancy?.enabled === true && multiTenancy.isolation?.networkPolicies === true);
}

/** What a Prometheus can reach of a cluster: the brokers' own port, and that of their proxies. */
export type Scrapable = 'broker' | 'proxy';

/**
 * What is scraped where the spec asks for a ServiceMonitor. Behind a fence that nobody but the operator may pass the brokers are
 * left out: a target that cannot be reached only makes noise. Pure.
 */
export function scrapedOf(spec: StreamBusClusterSpec): readonly Scrapable[] {
  const { enabled, serviceMonitor } = spec.observability.metrics;
  if (!enabled || !serviceMonitor) return [];
  const isReachable = !isFenced(spec) || (spec.security?.networkPolicy?.adminFrom ?? []).length > 0;
  return [...(isReachable ? ['broker' as const] : []), ...(proxyDemand(spec) === undefined ? [] : ['proxy' as const])];
}

function proxyDemand({ security }: StreamBusClusterSpec): ProxyDemand | undefined {
  const tls = security?.tls;
  const certSecret = tls?.certSecretName ?? tls?.secretName;
  if (tls?.enabled !== true || certSecret === undefined || certSecret === '') return undefined;
  const asksForCertificates = tls.clientAuthRequired === true || methodsOf(security).includes('mtls');
  if (!asksForCertificates) return { certSecret };
  const access = accessOf(security);
  return { certSecret, caSecret: tls.caSecretName ?? certSecret, ...(access !== undefined && { access }) };
}

type Security = StreamBusClusterSpec['security'];

/** The ways of authentication that are switched on. */
function methodsOf(security: Security): readonly ('mtls' | 'jwt')[] {
  const { enabled, method, allowedMethods = [] } = security?.authentication ?? { enabled: false };
  if (!enabled) return [];
  return method === undefined ? allowedMethods : [method, ...allowedMethods];
}

function accessOf(security: Security): AccessPolicy | undefined {
  const { enabled, defaultPolicy = 'deny', allowedNames = [], deniedNames = [] } = security?.authorization ?? {};
  if (enabled !== true) return undefined;
  return { defaultPolicy, names: defaultPolicy === 'deny' ? allowedNames : deniedNames };
}

function unenforcedOf(spec: StreamBusClusterSpec, proxy: ProxyDemand | undefined): readonly Unenforceable[] {
  const { security, observability } = spec;
  const { enabled, tls, authentication, authorization } = security ?? {};
  const audit = observability.logging?.auditLog;
  const isOn: Readonly<Record<Unenforceable, boolean>> = {
    jwt: methodsOf(security).includes('jwt'),
    sasl: authentication?.enabled === true && authentication.sasl !== undefined,
    authorization: authorization?.enabled === true && proxy?.caSecret === undefined,
    auditLog: audit?.enabled === true && proxy === undefined,
    auditLogDetail: audit?.enabled === true && proxy !== undefined && audit.level !== undefined,
    alternativeNames:
      namesAlternatives(proxy?.access) && !featuresOf(security?.proxy.version ?? '2.6').subjectAlternativeNames,
    networkFence: isAsked(spec) && security?.networkPolicy?.enabled === false,
    security: enabled === true && ![tls, authentication, authorization].some((part) => part?.enabled === true),
  };
  return (Object.keys(isOn) as Unenforceable[]).filter((word) => isOn[word]); // the keys of this very record
}

function namesAlternatives(access: AccessPolicy | undefined): boolean {
  return access?.names.some((name) => /^(DNS|URI):/.test(name)) === true;
}
