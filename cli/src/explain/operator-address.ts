import { ApiError, type KubeClient, Lease } from '@capstan/kube';

/** Written on its Lease by the leader: where its metrics server listens. */
export const debugUrlAnnotation = 'capstan.dev/debug-url';

/** A process that leads, as its Lease tells. */
export interface LeaderAddress {
  /** `namespace/name` of the Lease. */
  readonly lease: string;
  readonly namespace: string;
  /** As the process itself sees it: `http://127.0.0.1:8080`, or the address of a pod. */
  readonly url: string;
  /** The pod, where the leader is one. */
  readonly pod: string | undefined;
}

/**
 * The leaders of all operators whose Leases tell where they listen.
 * @param namespace where to look; every namespace unless told
 */
export async function leaderAddresses(
  client: KubeClient,
  namespace: string | undefined,
): Promise<readonly LeaderAddress[]> {
  const { items } = await client.list(Lease, { namespace });
  return items.flatMap(({ metadata, spec }) => {
    const url = metadata.annotations?.[debugUrlAnnotation];
    const holder = spec?.holderIdentity ?? '';
    if (url === undefined || holder === '' || !URL.canParse(url)) return [];
    const { namespace: place = 'default', name } = metadata;
    return [{ lease: `${place}/${name}`, namespace: place, url, pod: podOf(holder) }];
  });
}

/** Why Leases could not be listed, where that is a matter of permission. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

/** Identities are the host name, which is the pod's name in a pod, and a random part. */
function podOf(holder: string): string | undefined {
  const [pod] = holder.split('_');
  return pod === '' ? undefined : pod;
}
