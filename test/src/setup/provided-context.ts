declare module 'vitest' {
  /** What a live test gets with `inject(name)`. */
  interface ProvidedContext {
    /** Path of the administrator's kubeconfig of the run's control plane. */
    kubeconfig: string;
    /** `https://127.0.0.1:PORT` of the same. */
    server: string;
    /** Path of its audit log: JSON lines, one per answered request, complete as soon as the answer is there. */
    auditLog: string;
    /** Path of a kubectl of the same version. */
    kubectl: string;
  }
}

export {};
