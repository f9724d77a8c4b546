import type { ClusterStandIn, TopicMetadata } from './cluster-stand-in.ts';
import type { PodStandIn } from './pod-stand-in.ts';
import { type TenantRequest, tenantRequestOf } from './tenant-registry.ts';

/** A request once the broker it is for was found. */
export interface BrokerRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly body: string;
}

/** What a broker answers: JSON, a line of text, or nothing (the connection ends, as when its handler panics). */
export type BrokerAnswer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string }
  | 'empty';

/** One broker of one cluster. */
interface Broker {
  readonly cluster: ClusterStandIn;
  readonly pod: PodStandIn;
}

/** Answers a request as the broker's HTTP server does. Paths that are not stood in for are 404. */
export function brokerAnswer(broker: Broker, request: BrokerRequest): BrokerAnswer {
  const { path } = request;
  if (path === '/health/live') return { status: 200, json: alive };
  if (path === '/api/v1/cluster') return clusterAnswer(broker, request);
  if (path === '/api/v1/topics') return topicsAnswer(broker, request);
  if (!broker.cluster.servesTenants) return notFound;
  if (path === '/api/v1/tenants') return tenantsAnswer(broker.pod, request);
  const id = /^\/api\/v1\/tenants\/([^/]+)$/.exec(path)?.[1];
  return id === undefined ? notFound : tenantAnswer(broker.pod, decodeURIComponent(id), request);
}

const alive = { name: 'liveness', status: 'healthy', message: 'process is alive', duration_ms: 0 };
const notFound: BrokerAnswer = { status: 404, text: '404 page not found' };
const notAllowed: BrokerAnswer = { status: 405, text: 'Method not allowed' };

function clusterAnswer({ cluster, pod }: Broker, { method }: BrokerRequest): BrokerAnswer {
  if (method !== 'GET') return notAllowed;
  if (pod.behaviour === 'panicking') return 'empty';
  const controller = cluster.isLeader(pod.ordinal) ? pod.brokerId : 0;
  const { topics } = cluster;
  const json = {
    cluster_id: `streambus-cluster-${controller}`,
    controller_id: controller,
    version: '1.0.0',
    // A broker counts itself alone, however many there are.
    total_brokers: 1,
    active_brokers: 1,
    total_topics: topics.length,
    total_partitions: topics.reduce((sum, { num_partitions }) => sum + num_partitions, 0),
    uptime: `${pod.uptimeSeconds.toFixed(3)}s`,
  };
  return { status: 200, json };
}

function topicsAnswer({ cluster, pod }: Broker, { method, body }: BrokerRequest): BrokerAnswer {
  if (method !== 'GET' && method !== 'POST') return notAllowed;
  if (pod.behaviour === 'panicking') return { status: 503, text: 'Metadata store not available' };
  if (method === 'GET') return { status: 200, json: cluster.topics };
  const topic = topicOf(body);
  if (typeof topic === 'string') return { status: 400, text: topic };
  const outcome = cluster.createTopic(topic);
  if (outcome === 'created') return { status: 201, json: topic };
  return { status: 500, text: `Failed to create topic: ${outcome === 'exists' ? 'it exists' : 'there is no leader'}` };
}

/** The topic that is asked for, or what is wrong with it. Counts of 0 or less are 1, as the broker has it. */
function topicOf(body: string): TopicMetadata | string {
  const given = jsonObject(body);
  if (given === undefined) return 'Invalid request body';
  const { name, num_partitions, replication_factor } = given;
  if (typeof name !== 'string' || name === '') return 'Topic name is required';
  const [partitions, factor] = [num_partitions, replication_factor].map((count) =>
    typeof count === 'number' && count > 0 ? count : 1,
  );
  return { name, num_partitions: partitions ?? 1, replication_factor: factor ?? 1 };
}

function jsonObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function tenantsAnswer({ tenants }: PodStandIn, { method, body }: BrokerRequest): BrokerAnswer {
  if (method === 'GET') {
    const all = tenants.list();
    return { status: 200, json: { tenants: all, count: all.length } };
  }
  if (method !== 'POST') return notAllowed;
  return withTenant(body, (wanted) => {
    if (wanted.id === '') return { status: 400, text: 'Tenant ID is required' };
    if (wanted.name === '') return { status: 400, text: 'Tenant name is required' };
    const made = tenants.create(wanted);
    if (made !== undefined) return { status: 201, json: made };
    return { status: 500, text: `Failed to create tenant: tenant ${wanted.id} already exists` };
  });
}

function tenantAnswer({ tenants }: PodStandIn, id: string, { method, body }: BrokerRequest): BrokerAnswer {
  switch (method) {
    case 'GET': {
      const found = tenants.find(id);
      if (found !== undefined) return { status: 200, json: found };
      return { status: 404, text: `Tenant not found: tenant ${id} not found` };
    }
    case 'PUT':
      return withTenant(body, (wanted) => {
        const changed = tenants.update(id, wanted);
        if (changed !== undefined) return { status: 200, json: changed };
        return { status: 500, text: `Failed to update tenant: tenant ${id} not found` };
      });
    case 'DELETE':
      if (tenants.remove(id)) return { status: 204, text: '' };
      return { status: 500, text: `Failed to delete tenant: tenant ${id} not found` };
    default:
      return notAllowed;
  }
}

function withTenant(body: string, answer: (wanted: TenantRequest) => BrokerAnswer): BrokerAnswer {
  try {
    return answer(tenantRequestOf(body));
  } catch (error) {
    if (error instanceof TypeError) return { status: 400, text: `Invalid request body: ${error.message}` };
    throw error;
  }
}
