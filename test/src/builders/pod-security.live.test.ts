import {
  ApiError,
  createClient,
  type Draft,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  Pod,
  type PodSpec,
  type PodTemplateSpec,
  ServiceAccount,
} from '@capstan/kube';
import { type PodOptions, podSecurityViolations, podTemplate, serviceAccount } from '@capstan/resources';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { podTemplates, samples } from './samples.ts';

const namespace = 'builders-pod-security';
let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } } as const;
  await client.apply(Namespace, body, { fieldManager: 'test' });
  for (const name of ['default', 'sample']) {
    await client.apply(ServiceAccount, serviceAccount({ namespace, name }), { fieldManager: 'test', force: true });
  }
});

afterAll(() => client?.close());

/** What the API server says of a pod made from a template: whether its Pod Security admission lets it in. */
async function isAdmitted({ metadata, spec }: PodTemplateSpec): Promise<boolean> {
  const pod: Draft<Pod> = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, namespace, name: 'tried' },
    ...(spec !== undefined && { spec: { restartPolicy: 'Never', ...spec } }),
  };
  try {
    await client.create(Pod, pod, { dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403 && error.message.includes('violates PodSecurity'))
      return false;
    throw error;
  }
}

describe('the pods of every workload builder', () => {
  it.each(podTemplates(samples(namespace)))('are admitted where restricted is enforced: %s', async (_, template) => {
    expect(podSecurityViolations(template)).toEqual([]);
    expect(await isAdmitted(template)).toBe(true);
  });
});

const owner = { kind: 'Deployment', metadata: { name: 'tried' } };
const main = { name: 'main', image: 'a:1' };
const safe: PodOptions = { containers: [main] };

/** A safe template with one thing more: on the pod, on its container, or in its annotations. */
const onPod = (more: Partial<PodSpec>) => (spec: PodSpec) => ({ spec: { ...spec, ...more } });
const onContext = (more: PodSpec['securityContext']) => (spec: PodSpec) => ({
  spec: { ...spec, securityContext: { ...spec.securityContext, ...more } },
});
const onContainer = (more: object) => (spec: PodSpec) => ({
  spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, ...more })) },
});
const inContext = (more: object) => (spec: PodSpec) =>
  onContainer({ securityContext: { ...spec.containers[0]?.securityContext, ...more } })(spec);
const annotated = (key: string, value: string) => (spec: PodSpec) => ({
  metadata: { annotations: { [key]: value } },
  spec,
});
const volume = (source: object) => onPod({ volumes: [{ name: 'v', ...source }] });
const appArmor = 'container.apparmor.security.beta.kubernetes.io/main';
const probed = { httpGet: { port: 80 } };

const variants: readonly (readonly [string, (spec: PodSpec) => PodTemplateSpec])[] = [
  ['nothing more', onPod({})],
  ['host network', onPod({ hostNetwork: true })],
  ['host PIDs', onPod({ hostPID: true })],
  ['host IPC', onPod({ hostIPC: true })],
  ['host network said to be off', onPod({ hostNetwork: false })],
  ['a pod that may be root', onContext({ runAsNonRoot: false })],
  ['a pod as root', onContext({ runAsUser: 0 })],
  ['a pod as somebody', onContext({ runAsUser: 1 })],
  ['an unconfined pod', onContext({ seccompProfile: { type: 'Unconfined' } })],
  ['a pod with a profile of its own', onContext({ seccompProfile: { type: 'Localhost', localhostProfile: 'a' } })],
  ['no seccomp profile', (spec) => ({ spec: { ...spec, securityContext: { runAsNonRoot: true } } })],
  [
    'no word of root',
    (spec) => ({ spec: { ...spec, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } } }),
  ],
  ['no contexts at all', () => ({ spec: { containers: [main] } })],
  ['an unsafe sysctl', onContext({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] })],
  ['a safe sysctl', onContext({ sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }] })],
  ['an SELinux type', onContext({ seLinuxOptions: { type: 'container_t', level: 's0' } })],
  ['a strange SELinux type', onContext({ seLinuxOptions: { type: 'spc_t' } })],
  ['an SELinux user', onContext({ seLinuxOptions: { user: 'system_u' } })],
  ['an SELinux role', onContext({ seLinuxOptions: { role: 'system_r' } })],
  ['AppArmor off', onContext({ appArmorProfile: { type: 'Unconfined' } })],
  ['AppArmor on', onContext({ appArmorProfile: { type: 'RuntimeDefault' } })],
  ['AppArmor off by annotation', annotated(appArmor, 'unconfined')],
  ['AppArmor on by annotation', annotated(appArmor, 'runtime/default')],
  ['a host path', volume({ hostPath: { path: '/' } })],
  ['a network file system', volume({ nfs: { server: 'a', path: '/' } })],
  ['a disk by iSCSI', volume({ iscsi: { targetPortal: 'a', iqn: 'iqn.2001-04.com.example:b', lun: 0 } })],
  ['a scratch volume', volume({ emptyDir: {} })],
  ['a secret', volume({ secret: { secretName: 'a' } })],
  [
    'a claim made with the pod',
    volume({
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      },
    }),
  ],
  ['a projected token', volume({ projected: { sources: [{ serviceAccountToken: { path: 't' } }] } })],
  ['an image as volume', volume({ image: { reference: 'a:1' } })],
  ['a volume by a driver', volume({ csi: { driver: 'a.b' } })],
  ['privilege', inContext({ privileged: true, allowPrivilegeEscalation: true })],
  ['escalation', inContext({ allowPrivilegeEscalation: true })],
  ['a container that may be root', inContext({ runAsNonRoot: false })],
  ['a container as root', inContext({ runAsUser: 0 })],
  ['an unconfined container', inContext({ seccompProfile: { type: 'Unconfined' } })],
  ['a writable root file system', inContext({ readOnlyRootFilesystem: false })],
  ['a capability', inContext({ capabilities: { drop: ['ALL'], add: ['SYS_TIME'] } })],
  ['the one capability allowed', inContext({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })],
  ['capabilities not all dropped', inContext({ capabilities: { drop: ['KILL'] } })],
  ['a strange SELinux type of a container', inContext({ seLinuxOptions: { type: 'spc_t' } })],
  ['AppArmor off for a container', inContext({ appArmorProfile: { type: 'Unconfined' } })],
  ['the unmasked /proc', (spec) => onPod({ hostUsers: false })(inContext({ procMount: 'Unmasked' })(spec).spec)],
  ['a port of the node', onContainer({ ports: [{ containerPort: 80, hostPort: 80 }] })],
  ['a port', onContainer({ ports: [{ containerPort: 80, hostPort: 0 }] })],
  ['a probe', onContainer({ readinessProbe: probed })],
  ['a probe of another host', onContainer({ livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } } })],
  ['a start-up probe of another host', onContainer({ startupProbe: { tcpSocket: { port: 80, host: '10.0.0.1' } } })],
  ['a hook into another host', onContainer({ lifecycle: { preStop: { httpGet: { port: 80, host: '10.0.0.1' } } } })],
  [
    'a privileged init container',
    onPod({ initContainers: [{ ...main, name: 'i', securityContext: { privileged: true } }] }),
  ],
];

describe('what our check says of a pod', () => {
  const { spec = { containers: [] } } = podTemplate(safe, owner);

  it.each(variants)('is what the API server says: %s', async (_, vary) => {
    const template = vary(spec);
    const violations = podSecurityViolations(template);
    expect({ admitted: violations.length === 0, violations }).toEqual({
      admitted: await isAdmitted(template),
      violations,
    });
  });
});
