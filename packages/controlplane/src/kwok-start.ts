import type { AdminApi } from './admin-api.ts';
import type { ComponentLauncher, Components } from './components.ts';

const NODE_LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/**
 * Starts kwok, after taking the leases of the nodes away from the one before: it calls itself anew at every start, and
 * would leave every node and pod alone until the old leases ran out, which takes 40 s.
 */
export async function startKwok(api: AdminApi, components: Components, launch: ComponentLauncher): Promise<void> {
  await api.send('DELETE', NODE_LEASES);
  await components.start('kwok', launch);
}
