import { freeForm, type TSchema, Type } from '@capstan/crd';

/**
 * One entry of `spec.external`: how to reach something that the operator does not create, such as ZooKeeper or a metadata
 * store. Put one per dependency into an object named `external`.
 * Dsoi-Spec, cluster.md: line 8 of docs/dsoi.md.
 *
 * @param spec what the application must know of it; any object unless told
 */
export function externalDependency<Spec extends TSchema>(description: string, spec?: Spec) {
  return Type.Object({ spec: spec ?? freeForm({ description: 'How to reach it.' }) }, { description });
}
