import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';

/** A client of whoever a kubeconfig is for, closed with everything else. */
export async function adminClient(kubeconfig: string, cleanup: AsyncDisposableStack): Promise<KubeClient> {
  const client = createClient(await loadKubeConfig({ path: kubeconfig }), { userAgent: 'capstan-demo' });
  cleanup.defer(() => client.close());
  return client;
}
