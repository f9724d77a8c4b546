import { fileURLToPath } from 'node:url';
import type { BinaryPaths } from './binaries/resolve.ts';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  type InstancePaths,
  kwokArguments,
  schedulerArguments,
} from './component-arguments.ts';
import type { ComponentLauncher, ComponentName } from './components.ts';
import { spawnTethered } from './tethered-process.ts';

const STAGE_FILES = ['node.yaml', 'pod.yaml'].map((file) =>
  fileURLToPath(new URL(`../stages/${file}`, import.meta.url)),
);

/** What the components of one instance are started with. */
export interface LaunchSettings {
  readonly paths: InstancePaths;
  readonly binaries: BinaryPaths;
  readonly durable: boolean;
  readonly audit: boolean;
  readonly admissionPlugins: readonly string[];
  /** Asked at every start of the API server. */
  readonly port: () => number;
}

/** How each component of an instance is started; nothing is started yet. */
export function launchers(settings: LaunchSettings): Readonly<Record<ComponentName, ComponentLauncher>> {
  const { paths, binaries } = settings;
  const launcher = (name: ComponentName, args: () => readonly string[], lingerSeconds = 0): ComponentLauncher => {
    const logFile = logFileOf(paths, name);
    const env = componentEnvironment(paths, process.env);
    return () =>
      spawnTethered({ name, command: binaries[name], args: args(), cwd: paths.dir, env, logFile, lingerSeconds });
  };
  return {
    // Should this process be killed, etcd stays a second longer, for what the API server still has to write.
    etcd: launcher('etcd', () => etcdArguments(paths, settings.durable), 1),
    'kube-apiserver': launcher('kube-apiserver', () =>
      apiServerArguments(paths, {
        port: settings.port(),
        audit: settings.audit,
        admissionPlugins: settings.admissionPlugins,
      }),
    ),
    'kube-controller-manager': launcher('kube-controller-manager', () => controllerManagerArguments(paths)),
    'kube-scheduler': launcher('kube-scheduler', () => schedulerArguments(paths)),
    kwok: launcher('kwok', () => kwokArguments(paths, STAGE_FILES)),
  };
}

/**
 * The environment of the components. Nearly nothing of the caller's: etcd refuses to start beside some ETCD_ variables,
 * KUBE_FEATURE_ ones change behaviour, and kwok reads a configuration from the home directory.
 */
export function componentEnvironment(paths: InstancePaths, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'TZ'].flatMap((name) =>
    env[name] === undefined ? [] : [[name, env[name]] as const],
  );
  return { ...Object.fromEntries(kept), HOME: paths.dir };
}

/** Where a component writes what it has to say. */
function logFileOf(paths: InstancePaths, name: ComponentName): string {
  return `${paths.logs}/${name}.log`;
}
