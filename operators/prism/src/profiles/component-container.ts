import type { Container, EnvVar, Probe, VolumeMount } from '@capstan/kube';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import type { ComponentProfile } from './component-profile.ts';

/** What a resource may say of the container of a component; each field goes before what the profile says. */
export type ContainerOverrides = Pick<
  PrismCluster['spec']['proxy'],
  'image' | 'imagePullPolicy' | 'command' | 'args' | 'env' | 'port' | 'resources'
>;

export interface ContainerOptions {
  readonly name: string;
  readonly profile: ComponentProfile;
  readonly overrides: ContainerOverrides;
  /** Variables besides those of the profile. */
  readonly env?: readonly EnvVar[];
  readonly volumeMounts?: readonly VolumeMount[];
}

/** The container of a component: the profile, what the operator adds, and on top of both what the resource says. */
export function componentContainer(cluster: PrismCluster, options: ContainerOptions): Container {
  const { name, profile, overrides, volumeMounts = [] } = options;
  const { image, resources, command = profile.command } = overrides;
  const imagePullPolicy = overrides.imagePullPolicy ?? (image === undefined ? profile.imagePullPolicy : undefined);
  const port = overrides.port ?? profile.serves?.port;
  const values: Placeholders = { ...addressesOf(cluster), ...(port !== undefined && { port: `${port}` }) };
  // What a person writes is taken as it stands: Kubernetes has placeholders of its own.
  const args = overrides.args ?? profile.args?.map((text) => filledIn(text, values));
  const env = environment([...filledInEnv(profile.env ?? [], values), ...(options.env ?? [])], overrides.env ?? []);
  const ports = portsOf(profile, overrides.port);
  return {
    name,
    image: image ?? profile.image,
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(command !== undefined && { command }),
    ...(args !== undefined && { args }),
    ...(env.length > 0 && { env }),
    ...(ports.length > 0 && { ports }),
    ...probesOf(profile, port),
    resources,
    ...(volumeMounts.length > 0 && { volumeMounts }),
  };
}

type Placeholders = Addresses & { readonly port?: string };

/** The text with what its placeholders stand for. */
function filledIn(text: string, { port = '', proxyAddress, adminUrl }: Placeholders): string {
  return text.replaceAll('{port}', port).replaceAll('{proxyAddress}', proxyAddress).replaceAll('{adminUrl}', adminUrl);
}

function filledInEnv(env: readonly EnvVar[], values: Placeholders): readonly EnvVar[] {
  return env.map((each) => (each.value === undefined ? each : { ...each, value: filledIn(each.value, values) }));
}

/** The operator's variables first: those of the resource may then refer to them as `$(NAME)`. */
function environment(own: readonly EnvVar[], given: readonly EnvVar[]): readonly EnvVar[] {
  const names = new Set(given.map(({ name }) => name));
  return [...own.filter(({ name }) => !names.has(name)), ...given];
}

/** Ports by their names. A resource that names a port for a component without one says that it listens there. */
function portsOf({ serves, otherPorts = [] }: ComponentProfile, given: number | undefined): Container['ports'] & {} {
  const port = given ?? serves?.port;
  return [
    ...(port === undefined ? [] : [{ name: serves?.name ?? servedPortName, containerPort: port }]),
    ...otherPorts.map(({ name, port: containerPort }) => ({ name, containerPort })),
  ];
}

/** The name of a port that only the resource knows of. */
export const servedPortName = 'serves';

function probesOf({ readinessProbe, livenessProbe }: ComponentProfile, port: number | undefined) {
  return {
    ...(readinessProbe !== undefined && { readinessProbe: probeAt(readinessProbe, port) }),
    ...(livenessProbe !== undefined && { livenessProbe: probeAt(livenessProbe, port) }),
  };
}

/** A gRPC probe cannot ask a port by its name, so its number follows the port. */
function probeAt(probe: Probe, port: number | undefined): Probe {
  return probe.grpc === undefined || port === undefined ? probe : { ...probe, grpc: { ...probe.grpc, port } };
}
