import type { Container } from '@capstan/kube';

/** How long a pod's address outlives its broker. Five seconds were not enough in two of three restarts, twenty always were. */
export const lingerSeconds = 20;

/** Small, there from the start, and ends at once on SIGTERM. */
export const defaultLingerImage = 'registry.k8s.io/pause:3.10';

/**
 * A sidecar that does nothing but keep the pod's network namespace alive after the broker has gone.
 *
 * The peers of a stopped leader write to it until their election timeout. If its address has vanished by then, nothing
 * refuses those writes, the dead connection is kept, and the restarted broker is shut out for up to 15 minutes. While the
 * address lives, the kernel answers with a reset and the peers dial anew.
 */
export function lingerContainer(image: string): Container {
  return {
    name: 'linger',
    image,
    imagePullPolicy: 'IfNotPresent',
    restartPolicy: 'Always',
    lifecycle: { preStop: { sleep: { seconds: lingerSeconds } } },
    resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
  };
}
