import type { Container, Lifecycle, PodSpec, PodTemplateSpec, Probe, SecurityContext, Volume } from '@capstan/kube';

/**
 * Why the `restricted` Pod Security Standard would not admit pods of this template, one sentence per field with its path;
 * empty when it would. The same checks as the server's own for v1.36, on Linux pods.
 *
 * For a custom resource that passes parts of a pod through: ask this first, and refuse the resource with what it says.
 * See https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted.
 *
 * @example
 * ```ts
 * podSecurityViolations({ spec: { hostNetwork: true, containers: [] } }) // ['spec.hostNetwork: must not be true']
 * ```
 */
export function podSecurityViolations({ metadata, spec }: PodTemplateSpec): readonly string[] {
  if (spec === undefined) return [];
  return [
    ...appArmorAnnotations(metadata?.annotations ?? {}),
    ...hostNamespaces(spec),
    ...podContext(spec),
    ...(spec.volumes ?? []).flatMap((volume, index) => volumeType(volume, `spec.volumes[${index}]`)),
    ...containersOf(spec).flatMap(({ container, path }) => [
      ...containerContext(container.securityContext ?? {}, spec, `${path}.securityContext`),
      ...hostPorts(container, path),
      ...hostsAsked(container, path),
    ]),
  ];
}

const volumeTypes: readonly string[] = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim'],
  ...['projected', 'secret'],
];
const seccompTypes: readonly unknown[] = ['RuntimeDefault', 'Localhost'];
const appArmorTypes: readonly unknown[] = ['RuntimeDefault', 'Localhost'];
const seLinuxTypes: readonly unknown[] = [
  ...['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'],
];
const sysctls: readonly string[] = [
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'],
  ...['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ping_group_range', 'net.ipv4.tcp_fin_timeout'],
  ...['net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_keepalive_time'],
  ...['net.ipv4.tcp_rmem', 'net.ipv4.tcp_syncookies', 'net.ipv4.tcp_wmem'],
];
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

type Context = Pick<
  SecurityContext,
  'runAsNonRoot' | 'runAsUser' | 'seccompProfile' | 'appArmorProfile' | 'seLinuxOptions' | 'windowsOptions'
>;

interface PlacedContainer {
  readonly container: Container;
  readonly path: string;
}

function containersOf(spec: PodSpec): readonly PlacedContainer[] {
  const placed = (list: readonly Container[] | undefined, name: string) =>
    (list ?? []).map((container, index) => ({ container, path: `spec.${name}[${index}]` }));
  return [
    ...placed(spec.initContainers, 'initContainers'),
    ...placed(spec.containers, 'containers'),
    ...placed(spec.ephemeralContainers, 'ephemeralContainers'),
  ];
}

function unless(holds: boolean, path: string, sentence: string): readonly string[] {
  return holds ? [] : [`${path}: ${sentence}`];
}

function hostNamespaces(spec: PodSpec): readonly string[] {
  const fields = ['hostNetwork', 'hostPID', 'hostIPC'] as const;
  return fields.flatMap((field) => unless(spec[field] !== true, `spec.${field}`, 'must not be true'));
}

function appArmorAnnotations(annotations: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(annotations)
    .filter(([key]) => key.startsWith(appArmorPrefix))
    .flatMap(([key, value]) =>
      unless(
        value === '' || value === 'runtime/default' || value.startsWith('localhost/'),
        `metadata.annotations["${key}"]`,
        'must be runtime/default or localhost/...',
      ),
    );
}

function podContext({ securityContext: context = {} }: PodSpec): readonly string[] {
  const path = 'spec.securityContext';
  return [
    ...sharedContext(context, path),
    ...(context.sysctls ?? []).flatMap(({ name }, index) =>
      unless(sysctls.includes(name), `${path}.sysctls[${index}]`, `${name} is not one of the safe ones`),
    ),
  ];
}

/** What may stand on the pod as on a container; absent is fine here, and asked for where neither says it. */
function sharedContext(context: Context, path: string): readonly string[] {
  const { runAsNonRoot, runAsUser, seccompProfile, appArmorProfile, seLinuxOptions, windowsOptions } = context;
  const profile = 'must be RuntimeDefault or Localhost';
  return [
    ...unless(runAsNonRoot !== false, `${path}.runAsNonRoot`, 'must not be false'),
    ...unless(runAsUser !== 0, `${path}.runAsUser`, 'must not be 0, which is root'),
    ...unless(
      seccompProfile === undefined || seccompTypes.includes(seccompProfile.type),
      `${path}.seccompProfile.type`,
      profile,
    ),
    ...unless(
      appArmorProfile === undefined || appArmorTypes.includes(appArmorProfile.type),
      `${path}.appArmorProfile.type`,
      profile,
    ),
    ...unless(
      seLinuxTypes.includes(seLinuxOptions?.type ?? ''),
      `${path}.seLinuxOptions.type`,
      'must be one of the container types',
    ),
    ...unless((seLinuxOptions?.user ?? '') === '', `${path}.seLinuxOptions.user`, 'must not be set'),
    ...unless((seLinuxOptions?.role ?? '') === '', `${path}.seLinuxOptions.role`, 'must not be set'),
    ...unless(windowsOptions?.hostProcess !== true, `${path}.windowsOptions.hostProcess`, 'must not be true'),
  ];
}

function containerContext(
  context: SecurityContext,
  { securityContext: pod = {} }: PodSpec,
  path: string,
): readonly string[] {
  const { capabilities = {}, procMount = 'Default' } = context;
  return [
    ...sharedContext(context, path),
    ...unless(
      (context.runAsNonRoot ?? pod.runAsNonRoot) !== undefined,
      `${path}.runAsNonRoot`,
      'must be true, here or on the pod',
    ),
    ...unless(
      (context.seccompProfile ?? pod.seccompProfile) !== undefined,
      `${path}.seccompProfile.type`,
      'must be RuntimeDefault or Localhost, here or on the pod',
    ),
    ...unless(context.privileged !== true, `${path}.privileged`, 'must not be true'),
    ...unless(context.allowPrivilegeEscalation === false, `${path}.allowPrivilegeEscalation`, 'must be false'),
    ...unless(procMount === 'Default', `${path}.procMount`, 'must be Default'),
    ...unless(capabilities.drop?.includes('ALL') === true, `${path}.capabilities.drop`, 'must have ALL'),
    ...(capabilities.add ?? []).flatMap((name, index) =>
      unless(
        name === 'NET_BIND_SERVICE',
        `${path}.capabilities.add[${index}]`,
        `${name} must not be added; only NET_BIND_SERVICE may`,
      ),
    ),
  ];
}

function volumeType(volume: Volume, path: string): readonly string[] {
  const { name: _, ...source } = volume;
  const types = Object.entries(source).flatMap(([type, value]) =>
    value === undefined || value === null ? [] : [type],
  );
  return unless(
    types.some((type) => volumeTypes.includes(type)),
    path,
    `${types.join(', ') || 'a volume without a source'} must not be used; these may: ${volumeTypes.join(', ')}`,
  );
}

function hostPorts({ ports = [] }: Container, path: string): readonly string[] {
  return ports.flatMap(({ hostPort = 0 }, index) =>
    unless(hostPort === 0, `${path}.ports[${index}].hostPort`, 'must not be set'),
  );
}

function hostsAsked(
  { livenessProbe, readinessProbe, startupProbe, lifecycle }: Container,
  path: string,
): readonly string[] {
  const { postStart, preStop }: Lifecycle = lifecycle ?? {};
  const askers: Readonly<Record<string, Pick<Probe, 'httpGet' | 'tcpSocket'> | undefined>> = {
    livenessProbe,
    readinessProbe,
    startupProbe,
    'lifecycle.postStart': postStart,
    'lifecycle.preStop': preStop,
  };
  return Object.entries(askers).flatMap(([name, asker]) => [
    ...unless((asker?.httpGet?.host ?? '') === '', `${path}.${name}.httpGet.host`, 'must not be set'),
    ...unless((asker?.tcpSocket?.host ?? '') === '', `${path}.${name}.tcpSocket.host`, 'must not be set'),
  ]);
}
