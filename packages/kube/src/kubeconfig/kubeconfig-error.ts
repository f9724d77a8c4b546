/** Where in which kubeconfig something is wrong, and what to do about it. Never a value that may be secret. */
export interface KubeConfigProblem {
  /** The kubeconfig file, or the directory of the service account when there is none. */
  readonly file: string;
  /** The context that was being used, where it is known. */
  readonly context?: string | undefined;
  /** `users["admin"].tokenFile`, or absent when the whole file is at fault. */
  readonly field?: string | undefined;
  /** What is wrong and what to do, without the values of secrets. */
  readonly problem: string;
  readonly cause?: unknown;
}

/** A kubeconfig, or a credential it names, cannot be used. Its message says which file, context and field, and what to do. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
  readonly file: string;
  readonly context: string | undefined;
  readonly field: string | undefined;

  constructor({ file, context, field, problem, cause }: KubeConfigProblem) {
    const where = [file, context === undefined ? undefined : `context "${context}"`, field];
    super([...where.filter((part) => part !== undefined && part !== ''), problem].join(': '), { cause });
    this.file = file;
    this.context = context;
    this.field = field;
  }
}

/** The system's word for a failed file operation (`ENOENT`, `EACCES`), or `unknown error`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
