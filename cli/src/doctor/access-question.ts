import {
  type KubeClient,
  type PolicyRule,
  SelfSubjectAccessReview as SelfReview,
  type SelfSubjectAccessReview,
  SubjectAccessReview,
} from '@capstan/kube';
import { inParallel } from '../in-parallel.ts';

/** One thing that somebody may or may not do. */
export type AccessQuestion = NonNullable<SelfSubjectAccessReview['spec']['resourceAttributes']>;

/** Asks the API server's authorizer. */
export type Ask = (question: AccessQuestion) => Promise<boolean>;

/** Questions that are asked at the same time, at most. */
const width = 8;

const everything: AccessQuestion = { verb: '*', group: '*', resource: '*' };

/** Every single thing that rules allow, in a namespace or everywhere. URLs that are no resources are left out. */
export function questionsIn(rules: readonly PolicyRule[], namespace?: string): readonly AccessQuestion[] {
  return rules.flatMap(({ apiGroups = [], resources = [], resourceNames, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((path) => {
        const [resource = '', subresource] = path.split('/');
        const base = { group, resource, ...(subresource !== undefined && { subresource }) };
        const place = namespace === undefined ? base : { ...base, namespace };
        const names = resourceNames?.map((name) => ({ ...place, name })) ?? [place];
        return names.flatMap((named) => verbs.map((verb) => ({ ...named, verb })));
      }),
    ),
  );
}

/** `patch prismclusters.prism.io/status`, `update leases.coordination.k8s.io prism-operator in prism-system`. */
export function questionText({ verb, group, resource, subresource, name, namespace }: AccessQuestion): string {
  const kind = group === undefined || group === '' ? resource : `${resource}.${group}`;
  const path = subresource === undefined ? kind : `${kind}/${subresource}`;
  return [`${verb} ${path}`, ...(name === undefined ? [] : [name]), ...(namespace ? [`in ${namespace}`] : [])].join(
    ' ',
  );
}

/**
 * Those of the questions that are answered by no, in their order. Whoever may do everything is asked nothing else.
 * @throws {ApiError} when the authorizer may not be asked
 */
export async function deniedOf(ask: Ask, questions: readonly AccessQuestion[]): Promise<readonly AccessQuestion[]> {
  if (await ask(everything)) return [];
  const denied = new Set<AccessQuestion>();
  await inParallel(questions, { width, isOver: () => false }, async (question) => {
    if (!(await ask(question))) denied.add(question);
  });
  return questions.filter((question) => denied.has(question));
}

/** Asks what the client itself may do: everybody may ask that. */
export function askOfSelf(client: KubeClient): Ask {
  return async (resourceAttributes) => {
    const review = await client.create(SelfReview, {
      ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {} },
      spec: { resourceAttributes },
    });
    return review.status?.allowed === true;
  };
}

/** Asks what a service account may do, which not everybody may ask. */
export function askOfAccount(client: KubeClient, { namespace, name }: ServiceAccountName): Ask {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  const who = { user: `system:serviceaccount:${namespace}:${name}`, groups };
  return async (resourceAttributes) => {
    const review = await client.create(SubjectAccessReview, {
      ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {} },
      spec: { ...who, resourceAttributes },
    });
    return review.status?.allowed === true;
  };
}

/** A service account, by name. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}
