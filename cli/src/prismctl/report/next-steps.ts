import type { ClusterReport } from './cluster-report.ts';
import type { PodReport } from './pod-report.ts';

type Advice = (report: ClusterReport) => string;

const editSpec: Advice = ({ namespace, name }) =>
  `Correct the spec, as the message says: kubectl edit prismcluster ${name} -n ${namespace}`;
const setBack: Advice = ({ namespace, name }) =>
  `Set the field back that the message names: kubectl edit prismcluster ${name} -n ${namespace}`;
const mendSecret: Advice = ({ namespace }) =>
  `Create or mend the Secret that the message names, in namespace ${namespace}; everything goes on by itself then.`;
const askAdmin: Advice = ({ namespace, name }) =>
  `See that more than half of the members run and reach each other: kubectl logs -n ${namespace} -l app.kubernetes.io/instance=${name},app.kubernetes.io/component=prism-admin`;
const wait: Advice = ({ namespace, name }) =>
  `Wait: work is under way. prismctl kubernetes status ${name} -n ${namespace} --watch shows it.`;

/** What helps against a reason of the condition Ready. */
const byReason: Readonly<Record<string, Advice>> = {
  ...{ SpecInvalid: editSpec, AdminStorageUnsupported: editSpec, BackendDisabled: editSpec, Refused: editSpec },
  ...{ AdminReplicasChangeRefused: setBack, StorageChangeRefused: setBack, BackendChangeRefused: setBack },
  ...{ SecretMissing: mendSecret, SecretInvalid: mendSecret },
  ...{ NoLeader: askAdmin, SeveralLeaders: askAdmin },
  ...{ WaitingForBackend: wait, WaitingForAdmin: wait, Starting: wait, RollingUpdate: wait, Pending: wait },
  VolumeGrowthRefused: () => 'Set allowVolumeExpansion: true in the StorageClass, or set the size back.',
  ConflictingOwner: () => 'Rename the cluster or the pattern, or remove the object that the message names.',
  FieldContested: () => 'Make whoever the message names leave that field alone.',
};

const image = 'See that the image exists, and that the nodes may pull it: kubectl describe pod';
const missing = 'Create what it misses: kubectl describe pod';
const logs = 'Read why it ended: kubectl logs --previous';

/** What helps against the trouble of a pod; the name of the pod follows. */
const byTrouble: Readonly<Record<string, string>> = {
  ...{ ImagePullBackOff: image, ErrImagePull: image, InvalidImageName: image, ErrImageNeverPull: image },
  ...{ ImageInspectError: image, CreateContainerConfigError: missing, CreateContainerError: missing },
  ...{ CrashLoopBackOff: logs, Error: logs },
  OOMKilled: 'Raise resources.limits.memory of its component in the spec: kubectl describe pod',
  Unschedulable: 'Make room on the nodes, or lower resources.requests in the spec: kubectl describe pod',
};

/** What a person can do next about a cluster, the most useful first; empty when nothing has to be done. Pure. */
export function nextStepsOf(report: ClusterReport): readonly string[] {
  const { reason, ready, components, namespace } = report;
  const troubled = components.flatMap(({ workloads }) =>
    workloads.flatMap(({ pods }) => pods.filter(isTroubled).slice(0, 1)),
  );
  const ofPods = troubled.map(
    ({ name, state }) => `${byTrouble[state] ?? 'See what it says: kubectl describe pod'} ${name} -n ${namespace}`,
  );
  const ofReason = ready || reason === null ? undefined : byReason[reason]?.(report);
  // Waiting is no advice where a pod needs help.
  const isOfUse = ofReason !== undefined && (ofPods.length === 0 || byReason[reason ?? ''] !== wait);
  return [...(isOfUse ? [ofReason] : []), ...ofPods];
}

function isTroubled({ message, ready }: PodReport): boolean {
  return !ready && message !== null;
}
