import type { KubeClient } from '@capstan/kube';
import { installOperator, type OperatorAccount } from '@capstan/testkit';
import type { ShippedOperator } from './repository.ts';
import type { Steps } from './steps.ts';

/** Installs the CRDs, the account and the permissions of an operator as they are shipped, in a step of its own. */
export async function installShipped(
  client: KubeClient,
  { name, manifests }: ShippedOperator,
  steps: Steps,
): Promise<OperatorAccount> {
  return await steps.run(`Installing the CRDs and permissions of ${name}`, async (note) => {
    const installed = await installOperator(client, { manifests, fieldManager: 'capstan-demo' });
    note(`Installed the CRDs, and RBAC of ${installed.ref.namespace}/${installed.ref.name}`);
    return installed;
  });
}
