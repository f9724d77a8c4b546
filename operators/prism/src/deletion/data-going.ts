import { type KubeObject, PersistentVolumeClaim, Secret, StatefulSet } from '@capstan/kube';
import { child, childName, type Pass, type StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { backendKinds } from '../backends/backend-kind.ts';
import { asItIs } from '../children/as-it-is.ts';
import { managedBy } from '../labels.ts';
import { credentialsName, namesOf, namespaceOf } from '../names.ts';

/** Data that would go with a cluster although its policy says that it stays. */
export interface DataGoing {
  /** What has to be applied for it to stay. */
  readonly objects: readonly StepObject[];
  /** What would still go; some of it is told to stay, and has not done so yet. */
  readonly waitsFor: readonly string[];
}

type Asked = Pick<Pass<PrismCluster>, 'cache' | 'list' | 'read'>;

/** Looks for everything of a cluster that holds data and would be collected with it: of the cluster itself, or of its StatefulSets. */
export async function dataGoing(cluster: PrismCluster, pass: Asked): Promise<DataGoing> {
  const sets = statefulSetsOf(cluster, pass);
  const claims = await pass.list(PersistentVolumeClaim);
  const own = claims.filter((claim) => isControlledBy(claim, cluster));
  const secrets = await secretsOf(cluster, pass);
  const going = claims.filter((claim) => sets.some((set) => isOwnedBy(claim, set)));
  return {
    objects: [
      ...sets.filter(losesClaims).map((live) => asItIs(retaining(cluster), live)),
      ...[...own, ...secrets].map(kept),
    ],
    waitsFor: [...sets.filter((set) => losesClaims(set) || isLearning(set)), ...own, ...secrets, ...going].map(
      childName,
    ),
  };
}

/** Of a cluster whose spec lost its shape, too. */
function retaining(cluster: PrismCluster): PrismCluster {
  return { ...cluster, spec: { ...cluster.spec, deletionPolicy: 'Retain' } };
}

function statefulSetsOf(cluster: PrismCluster, { cache }: Asked): readonly StatefulSet[] {
  const all = cache.list(StatefulSet, { namespace: namespaceOf(cluster) });
  return all.filter((set) => isControlledBy(set, cluster));
}

function losesClaims({ metadata, spec }: StatefulSet): boolean {
  const { whenDeleted } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return whenDeleted === 'Delete' && metadata.deletionTimestamp === undefined;
}

/** Its controller has not read the policy yet that its claims are to follow. */
function isLearning({ metadata, status }: StatefulSet): boolean {
  return (status?.observedGeneration ?? 0) < (metadata.generation ?? 0);
}

/** Generated credentials, and the key of the hashes: everything else in Secrets can be made again. */
async function secretsOf(cluster: PrismCluster, pass: Asked): Promise<readonly Secret[]> {
  const names = [namesOf(cluster).hashKeySecret, ...backendKinds.map((kind) => credentialsName(cluster, kind))];
  const found = names.map((name) => pass.cache.get(Secret, { namespace: namespaceOf(cluster), name }));
  const own = found.flatMap((each) => (each !== undefined && isControlledBy(each, cluster) ? [each.metadata] : []));
  const whole = await Promise.all(own.map(({ namespace, name }) => pass.read(Secret, { namespace, name })));
  return whole.filter((each) => each !== undefined);
}

/** The same object without an owner. */
function kept(live: PersistentVolumeClaim | Secret): StepObject {
  const { name, namespace, labels } = live.metadata;
  const metadata = { name, ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }) };
  if (isSecret(live)) {
    const { type, data } = live;
    const contents = { ...(type !== undefined && { type }), ...(data !== undefined && { data }) };
    return child({ apiVersion: 'v1', kind: 'Secret', metadata, ...contents }, { retain: true });
  }
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: ownSpecOf(live) };
  return child(claim, { retain: true });
}

/** What the operator itself has said of a claim: whatever else it said now, no later plan could leave out again. */
function ownSpecOf({ metadata: { managedFields = [] }, spec }: PersistentVolumeClaim) {
  const { accessModes, resources, storageClassName } = spec ?? {};
  const ours = managedFields.find(({ manager, operation }) => manager === managedBy && operation === 'Apply');
  const saysClass = JSON.stringify(ours?.fieldsV1 ?? {}).includes('"f:storageClassName"');
  const storage = resources?.requests?.['storage'];
  return {
    ...(accessModes !== undefined && { accessModes }),
    ...(storage !== undefined && { resources: { requests: { storage } } }),
    ...(saysClass && storageClassName !== undefined && { storageClassName }),
  };
}

function isSecret(object: KubeObject): object is Secret {
  return object.kind === 'Secret';
}

function isControlledBy(object: KubeObject, { metadata: { uid } }: KubeObject): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid) === true;
}

function isOwnedBy(object: KubeObject, { metadata: { uid } }: KubeObject): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}
