import type { Container, EnvVar, Pod } from '@capstan/kube';

/** What an image holds that matters to a process of this machine. */
export interface ProcessImage {
  /** Used where the container has no `command`; the first is an absolute path of this machine. */
  readonly entrypoint: readonly string[];
  /** Files of the image by the files of this machine that stand in for them: `/operator.mjs` by a bundle. */
  readonly files: Readonly<Record<string, string>>;
}

/** What of a pod lies elsewhere when it runs as a process. */
export interface Elsewhere {
  /** Directories of this machine by the mount paths of the container. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Values of variables that come from a Secret or a ConfigMap, by the name of the variable. */
  readonly referenced: Readonly<Record<string, string>>;
}

export interface PodCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command and the environment of a pod's container as a kubelet would give them, with the paths of image and volumes
 * replaced by those of this machine.
 * @throws {Error} for a variable whose value only a node knows, or that is in nothing that was looked up
 */
export function podCommand(pod: Pod, container: Container, image: ProcessImage, elsewhere: Elsewhere): PodCommand {
  const env = Object.fromEntries((container.env ?? []).map((each) => [each.name, variableIn(each, pod, elsewhere)]));
  const [command = '', ...own] = (container.command ?? image.entrypoint).map((word) => onThisMachine(word, image));
  const args = (container.args ?? []).map((word) => onThisMachine(expanded(word, env), image, elsewhere.mounts));
  return { command, args: [...own, ...args], env };
}

function variableIn({ name, value, valueFrom }: EnvVar, pod: Pod, { referenced }: Elsewhere): string {
  if (valueFrom === undefined) return value ?? '';
  const path = valueFrom.fieldRef?.fieldPath;
  const known = path === undefined ? referenced[name] : fieldOf(pod, path);
  if (known === undefined) throw new Error(`pod ${pod.metadata.name}: the value of variable ${name} is not known`);
  return known;
}

/** The fields of the downward API that operators ask for. */
function fieldOf({ metadata, spec, status }: Pod, path: string): string | undefined {
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.podIP': status?.podIP ?? '127.0.0.1',
  };
  return fields[path];
}

/** `$(NAME)` is the variable's value in an argument, as in a container. */
function expanded(word: string, env: Readonly<Record<string, string>>): string {
  return word.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => env[name] ?? whole);
}

function onThisMachine(word: string, { files }: ProcessImage, mounts: Readonly<Record<string, string>> = {}): string {
  const file = files[word];
  if (file !== undefined) return file;
  // The longest first: a mount may lie inside another.
  const paths = Object.entries(mounts).toSorted(([a], [b]) => b.length - a.length);
  const [mount, directory] =
    paths.find(([path]) => word === path || word.includes(`${path}/`) || word.endsWith(`=${path}`)) ?? [];
  return mount === undefined || directory === undefined ? word : word.replace(mount, directory);
}
