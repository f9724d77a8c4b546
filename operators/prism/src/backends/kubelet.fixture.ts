import type { Container, EnvVar, KubeObject, PodSpec, StatefulSet, Volume } from '@capstan/kube';
import { desiredOf, type StepObject } from '@capstan/runtime';

/** Objects as a kubelet finds them. */
export class Children {
  readonly #objects: readonly KubeObject[];

  constructor(objects: readonly StepObject[]) {
    // A draft becomes an object with its name, and these have one.
    this.#objects = objects.map((item) => desiredOf(item) as KubeObject);
  }

  /** The StatefulSet of that name, with a pod template that is whole. */
  statefulSet(name: string): { readonly pod: PodSpec; readonly container: Container; readonly set: StatefulSet } {
    const set = this.#find<StatefulSet>('StatefulSet', name);
    const pod = set.spec?.template.spec;
    const container = pod?.containers[0];
    if (pod === undefined || container === undefined) throw new Error(`StatefulSet/${name} has no container`);
    return { pod, container, set };
  }

  /** The text files of a Secret or ConfigMap. */
  files(kind: 'Secret' | 'ConfigMap', name: string): Readonly<Record<string, string>> {
    const { data = {} } = this.#find<KubeObject & { readonly data?: Readonly<Record<string, string>> }>(kind, name);
    if (kind === 'ConfigMap') return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
    );
  }

  #find<O extends KubeObject>(kind: string, name: string): O {
    const found = this.#objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`${kind}/${name} is not among the children`);
    return found as O; // its kind was looked at
  }
}

/** The files of a volume; `undefined` for one that the server itself fills. */
export function filesOf(volume: Volume, children: Children): Readonly<Record<string, string>> | undefined {
  if (volume.secret?.secretName !== undefined) return children.files('Secret', volume.secret.secretName);
  if (volume.configMap?.name !== undefined) return children.files('ConfigMap', volume.configMap.name);
  return undefined;
}

/** The variables of a container as its process gets them, in the pod with that number. */
export function environmentOf(
  { env = [] }: Container,
  pod: { readonly name: string; readonly index: number },
  children: Children,
): Readonly<Record<string, string>> {
  const known: Record<string, string> = {};
  for (const variable of env) known[variable.name] = expanded(givenValue(variable, pod, children), known);
  return known;
}

function givenValue(
  { name, value, valueFrom }: EnvVar,
  pod: { readonly name: string; readonly index: number },
  children: Children,
): string {
  if (value !== undefined) return value;
  const { secretKeyRef, fieldRef } = valueFrom ?? {};
  if (fieldRef?.fieldPath === 'metadata.name') return pod.name;
  if (fieldRef?.fieldPath === "metadata.labels['apps.kubernetes.io/pod-index']") return String(pod.index);
  const secret = secretKeyRef?.name === undefined ? undefined : children.files('Secret', secretKeyRef.name);
  const found = secret?.[secretKeyRef?.key ?? ''];
  if (found === undefined) throw new Error(`${name}: this kubelet does not know where its value comes from`);
  return found;
}

/** Puts variables in for `$(NAME)`, as the kubelet does; a name that it does not know stays as it is. */
export function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\(([A-Za-z0-9_]+)\)/g, (whole, name: string) => variables[name] ?? whole);
}
