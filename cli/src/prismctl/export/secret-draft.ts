import type { DescribedBackend } from './backends.ts';

/** A Secret that the cluster refers to, and that does not exist yet. */
export interface SecretDraft {
  readonly backend: string;
  readonly name: string;
  readonly namespace: string;
  readonly keys: readonly string[];
  /** The login, in the clear, where it was found: for the file of Secrets and nothing else. */
  readonly values?: Readonly<Record<string, string>>;
}

/** The name of the Secret with the login of a backend that runs elsewhere. */
export function loginSecretName(cluster: string, backend: string): string {
  return `${cluster}-${backend}-login`;
}

/** The Secrets to be made before the cluster is applied. */
export function secretDrafts(
  backends: readonly DescribedBackend[],
  { name, namespace }: { readonly name: string; readonly namespace: string },
): readonly SecretDraft[] {
  return backends.flatMap(({ kind, login }) =>
    login.is === 'Needed'
      ? [
          {
            ...{ backend: kind, name: loginSecretName(name, kind), namespace, keys: login.keys },
            ...(login.values !== undefined && { values: login.values }),
          },
        ]
      : [],
  );
}
