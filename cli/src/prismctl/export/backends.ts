import type { Container, Service } from '@capstan/kube';
import { addressIn, type BackendAddress, backendNamedBy, usualPorts } from './backend-address.ts';
import type { BackendDraft } from './cluster-draft.ts';
import { differs, type Finding, leftAlone, leftOut } from './finding.ts';
import { type LiveObjects, leadsTo, type Workload } from './live-objects.ts';
import { type Login, loginOf } from './login.ts';
import type { Part, Recognised } from './recognise.ts';
import { type BackendKind, backendKinds } from './roles.ts';

/** One pattern, and its container. */
export interface Client {
  readonly pattern: string;
  readonly workload: Workload;
  readonly container: Container;
}

/** A backend as the cluster names it. */
export interface DescribedBackend {
  readonly kind: BackendKind;
  readonly external: NonNullable<BackendDraft['external']>;
  readonly database?: string;
  readonly login: Login;
}

export interface BackendsAnswer {
  readonly backends: readonly DescribedBackend[];
  readonly findings: readonly Finding[];
}

/** A runner that says where a backend is, or that there is one. */
interface Use {
  readonly client: Client;
  readonly variable: string;
  /** Absent where the value is elsewhere, or is no address. */
  readonly address?: BackendAddress & { readonly endpoint: string };
}

/** Which backends a runner names in its variables. */
export function backendsUsedBy({ env = [] }: Container): readonly BackendKind[] {
  return backendKinds.filter((kind) => env.some(({ name }) => backendNamedBy(name) === kind));
}

/** Describes the backends that runners name. None of them is taken over. */
export function describeBackends(
  clients: readonly Client[],
  { backends }: Pick<Recognised, 'backends'>,
  live: LiveObjects,
): BackendsAnswer {
  const answers = backendKinds.map((kind) => {
    const servers = backends.filter(({ role }) => role.backend === kind);
    return describeBackend(kind, usesOf(kind, clients, live), servers, live);
  });
  return {
    backends: answers.flatMap(({ backend }) => backend ?? []),
    findings: answers.flatMap(({ findings }) => findings),
  };
}

interface BackendAnswer {
  readonly backend?: DescribedBackend;
  readonly findings: readonly Finding[];
}

function describeBackend(
  kind: BackendKind,
  uses: readonly Use[],
  servers: readonly Part[],
  live: LiveObjects,
): BackendAnswer {
  if (uses.length === 0) return { findings: servers.map(({ workload }) => unused(kind, workload, live)) };
  const told = uses.flatMap(({ address }) => address ?? []);
  const endpoints = [...new Set(told.map(({ endpoint }) => endpoint))];
  if (endpoints.length > 1) return ambiguous(kind, uses, `runners name several (${endpoints.join(', ')})`);
  const running = servers.map(({ workload }) => endpointOf(kind, workload, live));
  const [endpoint = running.length === 1 ? running[0] : undefined] = endpoints;
  if (endpoint === undefined) return ambiguous(kind, uses, 'its address cannot be read from any runner');
  const server = servers.find(({ workload }) => endpointOf(kind, workload, live) === endpoint)?.workload;
  return {
    backend: {
      ...{ kind, external: { endpoint, ...(told.some(({ tls }) => tls) && { tls: true }) } },
      ...databaseOf(kind, told, server),
      login: loginOf(
        kind,
        uses.map(({ client }) => client.container),
        containersOf(server),
      ),
    },
    findings: findingsOf(kind, { endpoint, uses, servers, server, live }),
  };
}

function ambiguous(kind: BackendKind, uses: readonly Use[], why: string): BackendAnswer {
  return {
    findings: uses.map(({ client, variable }) =>
      leftOut(client.workload, `${why}, so ${kind} is no backend of the cluster; ${variable} stays as it is`),
    ),
  };
}

/** The cluster would wait for a login that nobody needs. */
function unused(kind: BackendKind, workload: Workload, live: LiveObjects): Finding {
  const endpoint = endpointOf(kind, workload, live);
  const named = endpoint === undefined ? '' : `; backends.${kind}.external.endpoint ${endpoint} would name it`;
  return leftAlone(workload, `no runner uses it, so it is no backend of the cluster, and runs on${named}`);
}

function usesOf(kind: BackendKind, clients: readonly Client[], live: LiveObjects): readonly Use[] {
  return clients.flatMap((client) =>
    (client.container.env ?? [])
      .filter(({ name }) => backendNamedBy(name) === kind)
      .map(({ name: variable, value }) => ({
        ...{ client, variable },
        ...addressFor(kind, withPort(variable, value, client.container), client.workload, live),
      })),
  );
}

/** `POSTGRES_HOST` has its port in a variable of its own. */
function withPort(variable: string, value: string | undefined, { env = [] }: Container): string | undefined {
  if (!variable.endsWith('_HOST') || value === undefined || value.includes(':')) return value;
  const port = env.find(({ name }) => name === variable.replace(/_HOST$/, '_PORT'))?.value;
  return port !== undefined && /^\d{1,5}$/.test(port) ? `${value}:${port}` : value;
}

function addressFor(kind: BackendKind, value: string | undefined, workload: Workload, live: LiveObjects) {
  const address = value === undefined ? undefined : addressIn(kind, value);
  if (address === undefined) return {};
  return { address: { ...address, endpoint: `${fullHost(address.host, workload, live)}:${address.port}` } };
}

/** `<service>.<namespace>.svc` however a runner in this namespace wrote it; another host as it is. */
function fullHost(host: string, { metadata: { namespace = '' } }: Workload, { namespaces }: LiveObjects): string {
  const [service = '', where, ...rest] = host.toLowerCase().split('.');
  if (where === undefined) return service === 'localhost' ? host : `${service}.${namespace}.svc`;
  const isInCluster = rest[0] === 'svc' || (rest.length === 0 && namespaces.includes(where));
  return isInCluster ? `${service}.${where}.svc` : host.toLowerCase();
}

function endpointOf(kind: BackendKind, workload: Workload, live: LiveObjects): string | undefined {
  const services = servicesOf(workload, live);
  const service = services.find(({ metadata }) => metadata.name === workload.metadata.name) ?? services[0];
  if (service === undefined) return undefined;
  const ports = (service.spec?.ports ?? []).map(({ port }) => port);
  const port = ports.includes(usualPorts[kind]) || ports[0] === undefined ? usualPorts[kind] : ports[0];
  return `${service.metadata.name}.${service.metadata.namespace}.svc:${port}`;
}

function servicesOf(workload: Workload, { services }: LiveObjects): readonly Service[] {
  return services.filter((service) => leadsTo(service, workload));
}

function containersOf(workload: Workload | undefined): readonly Container[] {
  return workload?.spec?.template.spec?.containers ?? [];
}

/** The database that runners use, else the one that the server made at its start. */
function databaseOf(kind: BackendKind, told: readonly BackendAddress[], server: Workload | undefined) {
  if (kind !== 'postgres') return {};
  const made = containersOf(server)
    .flatMap(({ env = [] }) => env)
    .find(({ name }) => name === 'POSTGRES_DB')?.value;
  const isPlain = made !== undefined && /^[a-z_][a-z0-9_]{0,62}$/.test(made);
  const database = told.flatMap((each) => each.database ?? [])[0] ?? (isPlain ? made : undefined);
  return database === undefined ? {} : { database };
}

interface Standing {
  readonly endpoint: string;
  readonly uses: readonly Use[];
  readonly servers: readonly Part[];
  readonly server: Workload | undefined;
  readonly live: LiveObjects;
}

function findingsOf(kind: BackendKind, { endpoint, uses, servers, server, live }: Standing): readonly Finding[] {
  const others = servers.filter(({ workload }) => workload !== server);
  const first = uses.find(({ address }) => address?.isFirstOfSeveral === true)?.client.workload;
  const user = uses[0]?.client.workload;
  const doubt = user === undefined || server !== undefined ? undefined : unseen(endpoint, live);
  return [
    ...others.map(({ workload }) =>
      leftAlone(workload, `it is another ${kind} than the one at ${endpoint}, which runners use`),
    ),
    ...(first === undefined
      ? []
      : [differs(first, `it names several servers of ${kind}: the cluster names the first`)]),
    ...(user === undefined || doubt === undefined ? [] : [differs(user, `it uses ${kind} at ${endpoint}: ${doubt}`)]),
  ];
}

/** Why a server was not seen at an address. */
function unseen(endpoint: string, { namespaces, services }: LiveObjects): string {
  const inCluster = /^(?<service>[^.]+)\.(?<namespace>[^.]+)\.svc:/.exec(endpoint)?.groups;
  if (inCluster === undefined) return 'it is not of this cluster of Kubernetes';
  const { service, namespace = '' } = inCluster;
  if (!namespaces.includes(namespace)) return `not looked at; --namespace ${namespace} looks there as well`;
  const isThere = services.some(({ metadata }) => metadata.name === service && metadata.namespace === namespace);
  return isThere ? 'what answers there is not known' : 'there is no such Service';
}
