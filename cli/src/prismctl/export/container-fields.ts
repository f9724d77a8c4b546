import type { Container, EnvVar } from '@capstan/kube';
import type { ProxyDraft } from './cluster-draft.ts';
import type { CredentialGuard } from './credentials.ts';

/** What a cluster says of a container, as the container has it. */
export type ContainerFields = Pick<ProxyDraft, 'image' | 'imagePullPolicy' | 'command' | 'args' | 'env' | 'resources'>;

export interface DescribedContainer {
  readonly fields: ContainerFields;
  /** What is not said of it, and stays as it is. */
  readonly unsaid: readonly string[];
}

/** Describes a container exactly as it is, without any credential. */
export function describeContainer(container: Container, guard: CredentialGuard): DescribedContainer {
  const { image, imagePullPolicy, command = [], args = [], env = [], resources } = container;
  const open = env.filter((variable) => !guard.withholdsVariable(variable));
  const words = (list: readonly string[]) => (guard.withholdsWords(list) ? [] : [...list]);
  const [saidCommand, saidArgs] = [words(command), words(args)];
  return {
    fields: {
      ...(image !== undefined && { image }),
      ...(imagePullPolicy !== undefined && { imagePullPolicy: pullPolicy(imagePullPolicy) }),
      ...(saidCommand.length > 0 && { command: saidCommand }),
      ...(saidArgs.length > 0 && { args: saidArgs }),
      ...(open.length > 0 && { env: open.map(plainVariable) }),
      resources: { ...pick(resources, 'requests'), ...pick(resources, 'limits') },
    },
    unsaid: [
      ...env
        .filter((variable) => guard.withholdsVariable(variable))
        .map(({ name }) => `variable ${name} holds a login`),
      ...(saidCommand.length < command.length ? ['its command seems to hold a login'] : []),
      ...(saidArgs.length < args.length ? ['its args seem to hold a login'] : []),
      ...((container.envFrom?.length ?? 0) > 0 ? ['it has envFrom'] : []),
    ],
  };
}

type PullPolicy = NonNullable<ProxyDraft['imagePullPolicy']>;

/** The API server lets nothing else in. */
function pullPolicy(policy: string): PullPolicy {
  return policy === 'Always' || policy === 'Never' ? policy : 'IfNotPresent';
}

/** A variable without a value is an empty one. */
function plainVariable({ name, value, valueFrom }: EnvVar): EnvVar {
  return { name, ...(valueFrom === undefined ? { value: value ?? '' } : { valueFrom }) };
}

function pick(resources: Container['resources'], key: 'requests' | 'limits') {
  const amounts = resources?.[key];
  return amounts === undefined ? {} : { [key]: { ...amounts } };
}
