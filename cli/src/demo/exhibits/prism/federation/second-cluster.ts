import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import type { KubeClient } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { untilServed } from '@capstan/testkit';
import { adminClient } from '../../../admin-client.ts';
import { createWorld } from '../../../create-world.ts';
import { installShipped } from '../../../install-shipped.ts';
import { startOperator, stopOperator } from '../../../operator-process.ts';
import { places } from '../../../places.ts';
import { shippedOperator } from '../../../repository.ts';
import { applySamples, type Sample } from '../../../samples.ts';
import { worldFor } from '../../../world.ts';
import type { Backstage } from '../../exhibit.ts';

/** Another Kubernetes cluster, with a Prism operator of its own. */
export interface SecondCluster {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
}

const program = shippedOperator('prism');

/**
 * Starts a second control plane and its Prism operator, and applies PrismClusters there; does not wait until these run.
 *
 * @param name what people call the cluster
 */
export async function startSecondCluster(
  { demoDir, dir, steps, signal, cleanup }: Backstage,
  name: string,
  samples: readonly Sample[],
): Promise<SecondCluster> {
  const plane = await steps.follow(
    (onProgress) => startControlPlane({ nodes: 'kwok', dir: places(demoDir).secondControlPlane, onProgress, signal }),
    ` of ${name}`,
  );
  cleanup.use(plane);
  const client = await adminClient(plane.kubeconfig, cleanup);
  const account = await installShipped(client, program, steps);
  await steps.run(`Starting Prism in ${name}`, async (note) => {
    await createWorld(worldFor(samples), plane, client);
    for (const { manifest } of samples.slice(0, 1)) await untilServed(client, PrismCluster, manifest, signal);
    const logs = join(dir, 'logs');
    await mkdir(logs, { recursive: true });
    const kubeconfig = await plane.serviceAccountKubeconfig(account.ref);
    const logFile = join(logs, `${program.name}.log`);
    const operator = await startOperator(program, { kubeconfig, logFile, surroundings: { flags: [] } });
    cleanup.defer(() => stopOperator(operator));
    await applySamples(client, PrismCluster, samples);
    note(`Started Prism in ${name}, with an operator of its own, process ${operator.pid}`);
  });
  return { plane, client };
}
