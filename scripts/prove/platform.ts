import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { CustomResourceDefinition, createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { thirdPartyDefinitions } from '../../test/src/builders/third-party-definitions.ts';

/** A fresh control plane with what a well-equipped cluster has. */
export interface Platform {
  readonly plane: ControlPlane;
  /** Of somebody who may do everything. */
  readonly client: KubeClient;
}

/** Starts it; the kinds of Prometheus, cert-manager, KEDA and the Gateway API are installed. */
export async function openPlatform(dir: string, stack: AsyncDisposableStack): Promise<Platform> {
  const plane = stack.use(
    await startControlPlane({
      nodes: 'kwok',
      audit: true,
      dir,
      admissionPlugins: ['OwnerReferencesPermissionEnforcement'],
    }),
  );
  const client = createClient(await loadKubeConfig({ path: plane.kubeconfig }), { userAgent: 'capstan-proof' });
  stack.defer(() => client.close());
  for (const definition of thirdPartyDefinitions)
    await client.apply(CustomResourceDefinition, definition, { fieldManager: 'a-platform', force: true });
  return { plane, client };
}
