import type { PodTemplateSpec } from '@capstan/kube';
import { podSecurityViolations } from '@capstan/resources';
import { childName, desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { added, type Differences, differences, removed } from '../profiles/differences.fixture.ts';
import { workingProxy } from '../profiles/working-manifests.fixture.ts';
import { proxyChildren } from './proxy.ts';

type Body = { readonly spec: { readonly replicas?: number; readonly template: PodTemplateSpec } };

function childrenOf(spec: SpecInput): Readonly<Record<string, unknown>> {
  const objects = proxyChildren(aCluster({ spec })).map(desiredOf);
  return Object.fromEntries(objects.map((object) => [childName(object), object]));
}

const deploymentOf = (spec: SpecInput) => childrenOf(spec)['Deployment/orders-prism-proxy'] as Body; // the builder made it
const autoscalerOf = (spec: SpecInput) => childrenOf(spec)['HorizontalPodAutoscaler/orders-prism-proxy'];

const labels = {
  'app.kubernetes.io/name': 'prism',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': 'prism-proxy',
};
const allLabels = { ...labels, 'app.kubernetes.io/managed-by': 'prism-operator', 'prism.io/part': 'proxy' };

const identity = (apiVersion: string, kind: string): Differences => ({
  ...added('apiVersion', apiVersion),
  ...added('kind', kind),
  ...added('metadata.namespace', 'shop'),
  ...added('metadata.labels', allLabels),
  'metadata.name': ['prism-proxy', 'orders-prism-proxy'],
});

const selectedBy = (path: string): Differences => ({
  ...removed(path, { app: 'prism-proxy' }),
  ...added(path, labels),
});

const pod = 'spec.template.spec';
const container = `${pod}.containers[prism-proxy]`;

const intendedDifferences: Readonly<Record<string, Differences>> = {
  'Service/prism-proxy': {
    ...identity('v1', 'Service'),
    ...selectedBy('spec.selector'),
    ...added('spec.ports[grpc]', { appProtocol: 'grpc', targetPort: 'grpc' }),
  },
  'Deployment/prism-proxy': {
    // With which profile the cluster was made.
    ...added('metadata.annotations.prism.io/profile', 'upstream'),
    ...identity('apps/v1', 'Deployment'),
    ...selectedBy('spec.selector.matchLabels'),
    ...removed('spec.template.metadata.labels', { app: 'prism-proxy' }),
    ...added('spec.template.metadata.labels', allLabels),
    ...added('spec.replicas', 1),
    [`${container}.image`]: ['local/prism-proxy:sigint', 'prism-proxy:latest'],
    ...added(`${container}.imagePullPolicy`, 'IfNotPresent'),
    [`${container}.resources.limits.memory`]: ['128Mi', '256Mi'],
    ...added(`${container}.resources.limits.cpu`, '1'),
    // The image of the trial asks for SIGINT. One that does not is stopped too, the way the second trial showed.
    ...added(`${pod}.shareProcessNamespace`, true),
    ...added(`${pod}.securityContext`, {
      runAsGroup: 65_534,
      fsGroup: 65_534,
      fsGroupChangePolicy: 'OnRootMismatch',
    }),
    ...added(`${pod}.enableServiceLinks`, false),
    // Proxies prefer different nodes; the node of the trial was alone.
    ...added(`${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution`, [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
      },
    ]),
  },
};

describe('the proxy', () => {
  it.each(Object.entries(workingProxy))(
    'has a %s that differs from the one seen to work only where it is meant to',
    (name, working) => {
      expect(differences(working, childrenOf({})[name.replace('/', '/orders-')])).toEqual(intendedDifferences[name]);
    },
  );

  it.each(['upstream', 'memo035'] as const)('of profile %s has pods that are restricted ones', (profile) => {
    expect(podSecurityViolations(deploymentOf({ profile }).spec.template)).toEqual([]);
  });

  it('is the one of the memo where the profile says so', () => {
    const [container] = deploymentOf({ profile: 'memo035' }).spec.template.spec?.containers ?? [];
    expect(container).toMatchObject({
      imagePullPolicy: 'Never',
      env: [
        { name: 'RUST_LOG', value: 'info' },
        { name: 'PRISM_ADMIN_URL', value: 'http://orders-prism-admin.shop.svc:8080' },
      ],
      ports: [
        { name: 'grpc', containerPort: 50_051 },
        { name: 'metrics', containerPort: 9090 },
      ],
      readinessProbe: { grpc: { port: 50_051 }, initialDelaySeconds: 5, periodSeconds: 5 },
      livenessProbe: { grpc: { port: 50_051 }, initialDelaySeconds: 10, periodSeconds: 10 },
    });
  });

  it('asks for health at the port that the resource names', () => {
    const [container] =
      deploymentOf({ profile: 'memo035', proxy: { port: 6000 } }).spec.template.spec?.containers ?? [];
    expect(container).toMatchObject({
      ports: [{ name: 'grpc', containerPort: 6000 }, { name: 'metrics' }],
      readinessProbe: { grpc: { port: 6000 } },
    });
  });
});

describe('the autoscaler of the proxy', () => {
  const scaled = (autoscaling: object, replicas = 1): SpecInput => ({
    proxy: { replicas, autoscaling: { enabled: true, ...autoscaling } },
  });

  it('is not there unless it is asked for, nor while it is off', () => {
    expect(autoscalerOf({})).toBeUndefined();
    expect(autoscalerOf(scaled({ enabled: false }))).toBeUndefined();
  });

  const utilization = (name: string, averageUtilization: number) => ({
    type: 'Resource',
    resource: { name, target: { type: 'Utilization', averageUtilization } },
  });

  it('has the bounds and targets of the resource', () => {
    const wanted = { minReplicas: 2, maxReplicas: 20, targetCPU: 70, targetMemory: 85 };
    expect(autoscalerOf(scaled(wanted))).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders-prism-proxy' },
        minReplicas: 2,
        maxReplicas: 20,
        metrics: [utilization('cpu', 70), utilization('memory', 85)],
      },
    });
  });

  it.each([
    [{}, [utilization('cpu', 80)]],
    [{ targetMemory: 60 }, [utilization('memory', 60)]],
    [{ targetCPU: 60 }, [utilization('cpu', 60)]],
  ])('aims, told %o, at what is told, else at CPU', (targets, metrics) => {
    expect(autoscalerOf(scaled({ maxReplicas: 4, ...targets }))).toMatchObject({ spec: { metrics } });
  });

  it.each([
    ['the number of the resource', 3, { minReplicas: 2, maxReplicas: 5 }, 3],
    ['the fewest where that is less', 1, { minReplicas: 2, maxReplicas: 5 }, 2],
    ['the most where that is more', 9, { minReplicas: 2, maxReplicas: 5 }, 5],
    ['the number of the resource where it is off', 9, { enabled: false, maxReplicas: 5 }, 9],
  ])('starts from %s', (_title, replicas, autoscaling, expected) => {
    expect(deploymentOf(scaled(autoscaling, replicas)).spec.replicas).toBe(expected);
  });

  it('leaves the number of the resource to count again once it is off', () => {
    const ruleOf = (spec: SpecInput) => {
      const found = proxyChildren(aCluster({ spec })).find((each) => desiredOf(each).kind === 'Deployment');
      return found !== undefined && 'replicas' in found ? found.replicas : undefined;
    };
    const bounds = { minReplicas: 1, maxReplicas: 9 };
    const [on, off] = [scaled(bounds, 5), scaled({ enabled: false, ...bounds }, 5)];
    expect([ruleOf(on), ruleOf(off), ruleOf({})]).toEqual(['OursOrAutoscaler', 'Ours', 'Ours']);
    // The same number, and yet another body: what is the same is not applied.
    expect(deploymentOf(on).spec).toEqual(deploymentOf(off).spec);
    expect(deploymentOf(on)).not.toEqual(deploymentOf(off));
  });
});
