import { customResource, type ResourceOf, Type } from '@capstan/crd';
import { ConfigMap } from '@capstan/kube';
import { type Controller, controller, owned } from '@capstan/runtime';

/** Something small for an operator to keep right, so that it can be seen who works. */
export const Beacon = customResource({
  group: 'failover.capstan.dev',
  version: 'v1',
  kind: 'Beacon',
  plural: 'beacons',
  description: 'A number that an operator copies into a ConfigMap.',
  spec: Type.Object({ count: Type.Integer({ minimum: 0, description: 'The number.' }) }),
  status: Type.Object({ shown: Type.Optional(Type.Integer({ description: 'The number that was copied last.' })) }),
});
export type Beacon = ResourceOf<typeof Beacon>;

/** Name of the operator, of its program and of its Lease. */
export const operatorName = 'beacon-operator';

export const beacons: Controller = controller(Beacon, {
  name: operatorName,
  owns: [owned(ConfigMap)],
  reconcile: async (beacon, pass) => {
    const { name } = beacon.metadata;
    const data = { count: String(beacon.spec.count) };
    const copy: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
    await pass.apply({ steps: [{ name: 'copy', objects: [copy] }] });
    return pass.report({ status: { shown: beacon.spec.count } });
  },
});
