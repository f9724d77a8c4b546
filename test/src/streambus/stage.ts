import { fileURLToPath } from 'node:url';
import { startControlPlane } from '@capstan/controlplane';
import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { installOperator, untilServed } from '@capstan/testkit';
import { wantedCluster } from './open-bus-world.ts';

const manifests = fileURLToPath(new URL('../../../deploy/streambus-operator.yaml', import.meta.url));

/** A control plane of its own on which the StreamBus operator is installed by the manifests that are shipped; it does not run. */
export interface Stage extends AsyncDisposable {
  readonly admin: KubeClient;
  /** The kubeconfig of the operator's own account. */
  readonly operatorKubeconfig: string;
}

/** Sets the stage. It must be disposed of, also after a failed test. */
export async function setStage(): Promise<Stage> {
  await using building = new AsyncDisposableStack();
  const plane = building.use(await startControlPlane({ nodes: 'kwok' }));
  const admin = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
  building.defer(() => admin.close());
  const { ref } = await installOperator(admin, { manifests, fieldManager: 'stage' });
  const { group, version, kind } = StreamBusCluster;
  const probe = { apiVersion: `${group}/${version}`, kind, ...wantedCluster('probe') };
  await untilServed(admin, StreamBusCluster, probe, AbortSignal.timeout(30_000));
  const operatorKubeconfig = await plane.serviceAccountKubeconfig(ref);
  const cleanup = building.move();
  return { admin, operatorKubeconfig, [Symbol.asyncDispose]: () => cleanup.disposeAsync() };
}
