import {
  ConfigMap,
  CronJob,
  CustomResourceDefinition,
  createClient,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ResourceQuota,
  Role,
  RoleBinding,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  systemClock,
} from '@capstan/kube';
import { createLogger, Manager, type OwnedKind, owned, ownedWithStatus } from '@capstan/runtime';
import { AuditLog, eventually, untilServed, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { samples } from './samples.ts';
import { aShowcase, Showcase, showcases } from './showcase.ts';
import { thirdPartyDefinitions, thirdPartyKinds } from './third-party-definitions.ts';
import { thirdPartySamples } from './third-party-samples.ts';

const namespace = 'builders-settle';
/** What is read in full is judged by its values too: the stricter way to be settled. */
const owns: readonly OwnedKind[] = [
  ...[Deployment, StatefulSet, DaemonSet, Job, CronJob, HorizontalPodAutoscaler, Service].map(ownedWithStatus),
  ...[ConfigMap, Secret, ServiceAccount, Role, RoleBinding, PersistentVolumeClaim].map(owned),
  ...[PodDisruptionBudget, Ingress, NetworkPolicy, ResourceQuota].map(owned),
  ...thirdPartyKinds.map(ownedWithStatus),
];
const children = [...samples(namespace), ...thirdPartySamples];

let client: KubeClient;
let audit: AuditLog;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  audit = new AuditLog(inject('auditLog'));
  for (const definition of [Showcase.manifest(), ...thirdPartyDefinitions]) {
    await client.apply(CustomResourceDefinition, definition, { fieldManager: 'test', force: true });
  }
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } } as const;
  await client.apply(Namespace, body, { fieldManager: 'test' });
  await untilServed(client, Showcase, aShowcase(namespace), AbortSignal.timeout(30_000));
  await client.create(Showcase, aShowcase(namespace));
});

afterAll(() => client?.close());

/** Runs the operator while `body` does. */
async function withOperator(body: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const manager = new Manager({
    connection: await loadKubeConfig({ path: inject('kubeconfig') }),
    controllers: [showcases(owns, children)],
    log: createLogger({ level: 'error' }),
    namespaces: [namespace],
  });
  const ended = manager.run(stop.signal);
  try {
    await eventually(() => expect(manager.isReady).toBe(true));
    await body();
  } finally {
    stop.abort();
    await ended;
  }
}

/** Writes of the operator and of this test, which both are the administrator; Kubernetes' own controllers are not. */
function writesSince(position: number): readonly string[] {
  const requests = audit.since(position, { user: 'capstan:admin', namespace, verbs: writeVerbs, except: ['events'] });
  return requests.map(({ verb, resource, name }) => `${verb} ${resource}/${name}`);
}

/** Waits a while, and gives what was written since `position`. */
async function writesInThreeSeconds(position: number): Promise<readonly string[]> {
  await systemClock.sleep(3_000);
  return writesSince(position).toSorted();
}

describe('a child of every builder', () => {
  it('is taken by the server, and its pods run in a namespace that enforces restricted Pod Security', async () => {
    await withOperator(async () => {
      await eventually(async () =>
        expect((await client.get(Showcase, { namespace, name: 'all' }))?.status).toEqual({ children: children.length }),
      );
      await eventually(
        async () => {
          const { items } = await client.list(Pod, { namespace });
          const running = items.filter(({ status }) => ['Running', 'Succeeded'].includes(status?.phase ?? ''));
          const makers = new Set(running.map(({ metadata }) => metadata.ownerReferences?.[0]?.kind));
          expect([...makers].toSorted()).toEqual(['DaemonSet', 'Job', 'ReplicaSet', 'StatefulSet']);
        },
        { timeout: 45_000 },
      );
    });
  });

  it('is never written again when nothing changes, neither by an operator that goes on nor by one that starts anew', async () => {
    const start = audit.position();
    await withOperator(async () => {
      expect(await writesInThreeSeconds(start)).toEqual([]);
    });
  });

  it('is put right with one write when somebody edits it', async () => {
    await withOperator(async () => {
      const start = audit.position();
      const ref = { namespace, name: 'sample' };
      await client.patch(Service, ref, { kind: 'merge', body: { spec: { selector: { theirs: 'x' } } } });
      await client.patch(ConfigMap, ref, { kind: 'merge', body: { data: { 'sample.yaml': 'b: 2\n' } } });
      await eventually(async () =>
        expect((await client.get(ConfigMap, ref))?.data).toEqual({ 'sample.yaml': 'a: 1\n' }),
      );
      expect(await writesInThreeSeconds(start)).toEqual([
        ...['patch configmaps/sample', 'patch configmaps/sample', 'patch services/sample', 'patch services/sample'],
      ]);
    });
  });
});
