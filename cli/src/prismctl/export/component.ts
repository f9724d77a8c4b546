import type { Container, PersistentVolumeClaim, Service } from '@capstan/kube';
import type { AdoptedDraft } from './cluster-draft.ts';
import { type ContainerFields, describeContainer } from './container-fields.ts';
import type { CredentialGuard } from './credentials.ts';
import { differs, type Finding, leftOut } from './finding.ts';
import { holderOf } from './holder.ts';
import { type LiveObjects, leadsTo, podLabels, type Workload } from './live-objects.ts';

/** One workload as a cluster describes it, and the objects that go with it. */
export interface DescribedComponent {
  readonly workload: Workload;
  readonly container: Container;
  readonly fields: ContainerFields;
  readonly replicas: number;
  readonly adopted: AdoptedDraft;
  readonly service: Service | undefined;
  readonly claim: PersistentVolumeClaim | undefined;
}

/** The component, where it can be described, and what there is to say of it. */
export interface ComponentAnswer {
  readonly described?: DescribedComponent;
  readonly findings: readonly Finding[];
}

/** Where a component is looked for, and what must not be written of it. */
export interface ComponentContext {
  readonly live: LiveObjects;
  readonly guard: CredentialGuard;
}

/** Describes the workload of a component as it is: nothing of its pods would change by it. */
export function describeComponent(component: string, workload: Workload, context: ComponentContext): ComponentAnswer {
  const container = containerOf(component, workload);
  if (container === undefined)
    return {
      findings: [leftOut(workload, `which of its containers runs ${component} cannot be told: none has that name`)],
    };
  const { fields, unsaid } = describeContainer(container, context.guard);
  const { service, finding } = serviceOf(workload, context.live);
  const claim = mayNameClaim(component, workload) ? claimOf(workload, context.live) : undefined;
  const selector = { ...workload.spec?.selector.matchLabels };
  const { name } = workload.metadata;
  const described: DescribedComponent = {
    ...{ workload, container, fields, service, claim },
    replicas: workload.spec?.replicas ?? 1,
    adopted: {
      ...{ component, name, selector },
      ...(container.name !== component && { container: container.name }),
      ...(service !== undefined && service.metadata.name !== name && { service: service.metadata.name }),
      ...(claim !== undefined && { claim: claim.metadata.name }),
    },
  };
  const differences = [...unsaid.map((what) => `${what}: it is not in the cluster, and stays as it is`)];
  return {
    described,
    findings: [
      ...[...differences, ...oddities(component, described)].map((message) => differs(workload, message)),
      ...(finding === undefined ? [] : [finding]),
    ],
  };
}

/** The one with the name of the component, or the only one. */
function containerOf(component: string, { spec }: Workload): Container | undefined {
  const containers = spec?.template.spec?.containers ?? [];
  return containers.find(({ name }) => name === component) ?? (containers.length === 1 ? containers[0] : undefined);
}

function serviceOf(
  workload: Workload,
  { services }: LiveObjects,
): { readonly service?: Service; readonly finding?: Finding } {
  const leading = services.filter((service) => leadsTo(service, workload));
  const named = leading.find(({ metadata }) => metadata.name === workload.metadata.name);
  const service = named ?? (leading.length === 1 ? leading[0] : undefined);
  const names = leading.map(({ metadata }) => metadata.name).join(', ');
  if (service === undefined)
    return leading.length === 0
      ? {}
      : { finding: differs(workload, `Services ${names} lead to it, and none has its name: none is taken over`) };
  const holder = holderOf(service);
  return holder === undefined ? { service } : { finding: leftOut(service, holder) };
}

/** Others have a volume for each pod, or none. */
function mayNameClaim(component: string, { kind }: Workload): boolean {
  return component === 'prism-admin' || (kind === 'Deployment' && component !== 'prism-proxy');
}

function claimOf(workload: Workload, { claims }: LiveObjects): PersistentVolumeClaim | undefined {
  const names = (workload.spec?.template.spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
  const [only] = names;
  return claims.find(
    ({ metadata }) =>
      names.length === 1 && metadata.name === only && metadata.namespace === workload.metadata.namespace,
  );
}

/** Variables that somebody who deploys by hand has for a reason that is known. */
const usualVariables =
  /^(RUST_LOG|PRISM_ADMIN_URL|REDIS_URL|NATS_URL|S3_.+|MINIO_.+|DATABASE_URL|POSTGRES_.+|KAFKA_.+)$/;

/** What a new cluster would not have; it stays. */
function oddities(component: string, { workload, container, fields, service }: DescribedComponent): readonly string[] {
  const { spec, kind } = workload;
  const pod = spec?.template.spec;
  const others = (pod?.containers ?? []).filter(({ name }) => name !== container.name).map(({ name }) => name);
  const initial = (pod?.initContainers ?? []).map(({ name }) => name);
  const known = new Set(['app', 'pattern']);
  const ownOf = (labels: Readonly<Record<string, string>> = {}) =>
    Object.keys(labels).filter((label) => !known.has(label));
  const own = ownOf(podLabels(workload));
  const onObject = ownOf(workload.metadata.labels);
  const variables = (fields.env ?? []).map(({ name }) => name).filter((name) => !usualVariables.test(name));
  const serviceName = kind === 'StatefulSet' && spec && 'serviceName' in spec ? spec.serviceName : undefined;
  const isPaused = spec !== undefined && 'paused' in spec && spec.paused === true;
  return [
    ...(isPaused ? ['it is paused: a change of its pods waits until it is resumed'] : []),
    ...(spec?.replicas === 0 ? ['it is scaled to 0'] : []),
    ...(workload.metadata.name === component ? [] : [`it is named otherwise than its component, ${component}`]),
    ...(others.length > 0 ? [`containers beside it stay as they are: ${others.join(', ')}`] : []),
    ...(initial.length > 0 ? [`initContainers stay as they are: ${initial.join(', ')}`] : []),
    ...(variables.length > 0
      ? [`it has variables of its own, which the cluster has too: ${variables.join(', ')}`]
      : []),
    ...(onObject.length > 0 ? [`it has labels of its own: ${onObject.join(', ')}`] : []),
    ...(own.length > 0 ? [`its pods have labels of their own: ${own.join(', ')}`] : []),
    ...(serviceName && service === undefined ? [`there is no Service ${serviceName}, which it names`] : []),
  ];
}
