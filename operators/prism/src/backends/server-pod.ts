import type { Container, Volume, VolumeMount } from '@capstan/kube';
import type { PodIdentity, PodOptions } from '@capstan/resources';
import { configHashAnnotation } from '../annotations.ts';
import type { PrismBackend } from '../api/v1alpha1/prism-cluster.ts';
import { selectorLabels } from '../labels.ts';
import { placementOf } from '../profiles/placement.ts';
import { type BackendServer, dataClaim, type ServerContext } from './server.ts';
import { configurationName } from './server-configuration.ts';
import { imageOf, pullPolicyOf } from './versions.ts';

/** The pod of one server. */
export function serverPod(described: BackendServer, context: ServerContext): PodOptions {
  const { server, stopSeconds, files } = described;
  const { cluster, backend, credentials, hashOf } = context;
  const { podLabels, podAnnotations, pullSecrets } = backend;
  const read = { ...prefixed('file', files?.contents ?? {}), ...prefixed('credential', credentials) };
  return {
    ...(podLabels !== undefined && { labels: podLabels }),
    annotations: { ...podAnnotations, [configHashAnnotation]: hashOf(read) },
    runAs: runsAs(described, backend),
    terminationGracePeriodSeconds: stopSeconds,
    ...(pullSecrets !== undefined && { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    ...placementOf(backend, selectorLabels(cluster, server)),
    containers: [serverContainer(described, context)],
    volumes: volumesOf(described, context),
  };
}

/** The resource knows its own image better. */
function runsAs({ server, runAs }: BackendServer, { runAsUser }: PrismBackend): PodIdentity {
  return runAsUser === undefined || server === 'zookeeper' ? runAs : { uid: runAsUser, gid: runAsUser };
}

function prefixed(prefix: string, texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${prefix}/${name}`, text]));
}

function serverContainer(described: BackendServer, { backend, made }: ServerContext): Container {
  const { server, ports, container, resources } = described;
  // Image and version are those of the backend; a ZooKeeper has its own.
  const choice = server === 'zookeeper' ? {} : backend;
  return {
    name: server,
    image: imageOf(server, choice, made[server]?.version),
    imagePullPolicy: pullPolicyOf(server, choice, made[server]?.version),
    ...container,
    ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
    resources: (server === 'zookeeper' ? undefined : backend.resources) ?? resources,
    volumeMounts: mountsOf(described),
  };
}

function mountsOf({ data, scratch, files, credentialsDirectory }: BackendServer): readonly VolumeMount[] {
  return [
    ...(data === undefined ? [] : [{ name: dataClaim, mountPath: data.directory }]),
    ...scratch.map((mountPath) => ({ name: scratchName(mountPath), mountPath })),
    ...(files === undefined ? [] : fileMounts(files)),
    ...(credentialsDirectory === undefined
      ? []
      : [{ name: 'credentials', mountPath: credentialsDirectory, readOnly: true }]),
  ];
}

function fileMounts({ directory, contents, isMountedByFile = false }: NonNullable<BackendServer['files']>) {
  const mount = { name: 'config', readOnly: true };
  if (!isMountedByFile) return [{ ...mount, mountPath: directory }];
  return Object.keys(contents).map((name) => ({ ...mount, mountPath: `${directory}/${name}`, subPath: name }));
}

function volumesOf(described: BackendServer, { cluster, secretName, credentials }: ServerContext): readonly Volume[] {
  const { server, scratch, files, credentialsDirectory } = described;
  const name = configurationName(cluster, server);
  // By key: without one of them the pod does not start, where its server might go on with a login that everybody knows.
  const items = Object.keys(credentials).map((key) => ({ key, path: key }));
  return [
    ...scratch.map((directory) => ({ name: scratchName(directory), emptyDir: {} })),
    ...(files === undefined
      ? []
      : [{ name: 'config', ...(files.areSecret ? { secret: { secretName: name } } : { configMap: { name } }) }]),
    ...(credentialsDirectory === undefined || secretName === undefined
      ? []
      : [{ name: 'credentials', secret: { secretName, items } }]),
  ];
}

/** `/var/run/postgresql` is in the volume `var-run-postgresql`. */
function scratchName(directory: string): string {
  return directory.slice(1).replaceAll('/', '-');
}
