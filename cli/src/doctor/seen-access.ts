import { type Deployment, type KubeClient, ServiceAccount } from '@capstan/kube';
import { namespacedRulesOf, rbacRulesOf } from '@capstan/runtime';
import {
  type AccessQuestion,
  askOfAccount,
  askOfSelf,
  deniedOf,
  questionsIn,
  questionText,
} from './access-question.ts';
import type { Installation } from './installation.ts';
import { controllersOf } from './installations.ts';
import { type Place, placeOf } from './operator-place.ts';
import { type Read, readingOf } from './read.ts';

/** What an operator's account may not do. */
export interface AccountSight {
  readonly namespace: string;
  readonly name: string;
  readonly denied: readonly string[];
}

/** What is known of permissions around one operator. */
export interface AccessSight {
  readonly operator: string;
  /** What whoever runs the command may not do of what installing needs. */
  readonly installer: Read<readonly string[]>;
  /** Of each install; one entry without a value where there is no account yet. */
  readonly accounts: readonly Read<AccountSight | undefined>[];
}

/** Who is to be asked about. */
export interface AccessScope {
  /** Installs of the operator, as Deployments tell. */
  readonly deployments: readonly Deployment[];
  readonly operatorNamespace: string;
  /** Ask about the account even where it is not there yet. */
  readonly asOperator: boolean;
}

/** Asks what the person may install, and what the operator's accounts may do. */
export async function seeAccess(
  client: KubeClient,
  installation: Installation,
  scope: AccessScope,
): Promise<AccessSight> {
  const { operator } = installation;
  const { deployments, operatorNamespace } = scope;
  const places: readonly Place[] =
    deployments.length > 0
      ? deployments.map((deployment) => placeOf(deployment, operator))
      : [{ namespace: operatorNamespace, account: operator, works: 'everywhere' }];
  const isSure = deployments.length > 0 || scope.asOperator;
  const [installer, ...accounts] = await Promise.all([
    readingOf(installerDenied(client, installation, operatorNamespace)),
    ...places.map((place) => readingOf(accountDenied(client, installation, place, isSure))),
  ]);
  return { operator, installer, accounts };
}

/** Nobody may grant what they may not do themselves, unless they may `escalate` and `bind`. */
async function installerDenied(
  client: KubeClient,
  installation: Installation,
  namespace: string,
): Promise<readonly string[]> {
  const ask = askOfSelf(client);
  const own = await deniedOf(ask, installQuestions(namespace));
  const group = 'rbac.authorization.k8s.io';
  const mayGrant = await Promise.all(
    ['escalate', 'bind'].map((verb) => ask({ verb, group, resource: 'clusterroles' })),
  );
  if (mayGrant.every(Boolean)) return own.map(questionText);
  const granted = await deniedOf(ask, accountQuestions(installation, { namespace, works: 'everywhere' }));
  return [...own.map(questionText), ...granted.map((question) => `grant ${questionText(question)}`)];
}

/** What `kubectl apply` of the manifests comes down to. */
function installQuestions(namespace: string): readonly AccessQuestion[] {
  const verbs = ['create', 'patch'];
  const rbac = 'rbac.authorization.k8s.io';
  return [
    ...questionsIn([
      { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs },
      { apiGroups: [''], resources: ['namespaces'], verbs },
      { apiGroups: [rbac], resources: ['clusterroles', 'clusterrolebindings'], verbs },
    ]),
    ...questionsIn(
      [
        { apiGroups: [''], resources: ['serviceaccounts', 'services'], verbs },
        { apiGroups: [rbac], resources: ['roles', 'rolebindings'], verbs },
        { apiGroups: ['apps'], resources: ['deployments'], verbs },
      ],
      namespace,
    ),
  ];
}

async function accountDenied(
  client: KubeClient,
  installation: Installation,
  place: Place,
  isSure: boolean,
): Promise<AccountSight | undefined> {
  const at = { namespace: place.namespace, name: place.account };
  if (!isSure && (await client.get(ServiceAccount, at, { metadataOnly: true })) === undefined) return undefined;
  const denied = await deniedOf(askOfAccount(client, at), accountQuestions(installation, place));
  return { ...at, denied: denied.map(questionText) };
}

/** Everything that the operator asks of API servers, where it works. */
function accountQuestions(
  installation: Installation,
  { namespace, works }: Pick<Place, 'namespace' | 'works'>,
): readonly AccessQuestion[] {
  const controllers = controllersOf(installation);
  const own = questionsIn(installation.ownRules, namespace);
  const beside = questionsIn(installation.clusterRules);
  if (works === 'everywhere') return [...questionsIn(rbacRulesOf(...controllers)), ...beside, ...own];
  const { inEach, inDefault, cluster } = namespacedRulesOf(...controllers);
  return [
    ...works.flatMap((each) => questionsIn(inEach, each)),
    ...questionsIn(inDefault, 'default'),
    ...questionsIn(cluster),
    ...beside,
    ...own,
  ];
}
