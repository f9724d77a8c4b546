import { fileURLToPath } from 'node:url';
import { FakeControlPlane } from '../../../../../operators/prism/src/testing/fake-control-plane.ts';
import type { Backstage, OperatorSurroundings, ShownOperator } from '../exhibit.ts';
import { servicesVariable } from './cluster-network/services.ts';

/** The sample cluster, which all other samples of Prism belong to. */
export const sampleCluster = { namespace: 'prism', name: 'prism-local' } as const;

const adminService = `${sampleCluster.name}-prism-admin.${sampleCluster.namespace}.svc`;
const preload = fileURLToPath(new URL('cluster-network/preload.ts', import.meta.url));

/** The Prism operator. Pods have no processes, so a stand-in answers as the prism-admin of the sample cluster. */
export class PrismOperator implements ShownOperator {
  readonly system = 'prism';
  #admin: FakeControlPlane | undefined;

  async open({ cleanup }: Backstage): Promise<OperatorSurroundings> {
    const admin = cleanup.use(await FakeControlPlane.start());
    this.#admin = admin;
    return { flags: [], preload, env: { [servicesVariable]: JSON.stringify({ [adminService]: admin.address }) } };
  }

  /** What the prism-admin of the sample cluster keeps of a namespace; undefined when it knows none of that name. */
  knownNamespace(name: string): Readonly<Record<string, string>> | undefined {
    return this.#admin?.namespaces.get(name)?.metadata;
  }
}
