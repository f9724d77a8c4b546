import type { Container, ObjectMeta, PodSpec, PodTemplateSpec } from '@capstan/kube';
import { withoutNulls } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { dnsLabel, labelProblems, nameProblem, portName } from './names.ts';
import { type PodIdentity, podSecurityContext, withRestrictedContext } from './pod-security.ts';
import { podSecurityViolations } from './pod-security-violations.ts';

/**
 * The pods of a workload: any field of a pod's spec, with the `restricted` Pod Security Standard filled in.
 *
 * What comes out of a custom resource may be put here: it can tighten security, and what would loosen it is refused.
 */
export interface PodOptions extends Omit<PodSpec, 'automountServiceAccountToken' | 'restartPolicy' | 'serviceAccount'> {
  /** Besides those of the workload and its selector, which win. */
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The image's user and group; needed where the image names its user, as the kubelet cannot tell that it is not root. */
  readonly runAs?: PodIdentity;
  /** Whether containers get a token for the API server; false unless told. */
  readonly mountServiceAccountToken?: boolean;
  /** `Privileged` neither fills in nor checks anything, for agents that need the host. Write it in code, never take it from a resource. */
  readonly podSecurity?: 'Restricted' | 'Privileged';
}

/** Where a template belongs: the workload it is part of, and the labels that workload finds its pods by. */
export interface PodTemplateOwner {
  readonly kind: string;
  readonly metadata: ChildMetadata;
  readonly selector?: Labels;
  readonly restartPolicy?: 'Always' | 'Never' | 'OnFailure';
}

/**
 * The pod template of a workload.
 * @throws {InvalidChildError} when its pods would not be admitted under the `restricted` standard, or have names that no
 * pod can have
 */
export function podTemplate(options: PodOptions, owner: PodTemplateOwner): PodTemplateSpec {
  const { labels, annotations, runAs, mountServiceAccountToken = false, podSecurity, ...given } = withoutNulls(options);
  const bare: PodSpec = {
    enableServiceLinks: false,
    ...given,
    ...(owner.restartPolicy !== undefined && { restartPolicy: owner.restartPolicy }),
    automountServiceAccountToken: mountServiceAccountToken,
  };
  const spec = podSecurity === 'Privileged' ? bare : restricted(bare, runAs);
  const metadata: Partial<ObjectMeta> = {
    labels: { ...labels, ...owner.metadata.labels, ...owner.selector },
    ...(annotations !== undefined && { annotations }),
  };
  const template = { metadata, spec };
  const problems = [
    ...nameProblems(template),
    ...(podSecurity === 'Privileged' ? [] : podSecurityViolations(template)),
  ];
  if (problems.length === 0) return template;
  const name = `${owner.kind}/${owner.metadata.name}`;
  throw new InvalidChildError(
    name,
    problems.map((problem) => `spec.template.${problem}`),
  );
}

function restricted(spec: PodSpec, runAs: PodIdentity | undefined): PodSpec {
  const { containers, initContainers } = spec;
  return {
    ...spec,
    securityContext: podSecurityContext(runAs, spec.securityContext),
    containers: containers.map(withRestrictedContext),
    ...(initContainers !== undefined && { initContainers: initContainers.map(withRestrictedContext) }),
  };
}

function nameProblems({
  metadata,
  spec,
}: {
  readonly metadata: Partial<ObjectMeta>;
  readonly spec: PodSpec;
}): readonly string[] {
  const named = (containers: readonly Container[], list: string) =>
    containers.flatMap(({ name, ports = [] }, index) => [
      ...told(nameProblem(name, dnsLabel), `spec.${list}[${index}].name`),
      ...ports.flatMap((port, at) =>
        port.name === undefined
          ? []
          : told(nameProblem(port.name, portName), `spec.${list}[${index}].ports[${at}].name`),
      ),
    ]);
  return [
    ...labelProblems(metadata.labels ?? {}, 'metadata.labels'),
    ...named(spec.initContainers ?? [], 'initContainers'),
    ...named(spec.containers, 'containers'),
    ...(spec.volumes ?? []).flatMap(({ name }, index) =>
      told(nameProblem(name, dnsLabel), `spec.volumes[${index}].name`),
    ),
  ];
}

function told(problem: string | undefined, path: string): readonly string[] {
  return problem === undefined ? [] : [`${path}: ${problem}`];
}
