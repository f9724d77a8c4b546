import type { KubeObject } from '@capstan/kube';
import type { Observation } from '../finding.ts';
import { whenSeen } from '../read.ts';
import { type Survey, workNamespaces } from '../survey.ts';

const enforce = 'pod-security.kubernetes.io/enforce';

type Input = Pick<Survey, 'namespaces' | 'installations' | 'operatorNamespace' | 'resources' | 'namespace'>;

/** Which Pod Security level the namespaces of operators and of custom resources enforce: all pods of ours meet `restricted`. */
export function checkPodSecurity(survey: Input): readonly Observation[] {
  const operators = survey.installations.map(({ namespace }) => survey.operatorNamespace ?? namespace);
  return whenSeen(survey.namespaces, 'Namespaces', (found) => [
    ...[...new Set(operators)].map((name) => ofOperators(name, found)),
    ...workNamespaces(survey)
      .filter((name) => !operators.includes(name))
      .map((name) => ofResources(name, found)),
  ]);
}

function ofOperators(name: string, found: readonly KubeObject[]): Observation {
  const where = `Namespace ${name}`;
  const live = found.find(({ metadata }) => metadata.name === name);
  if (live === undefined) return { level: 'ok', where, says: 'does not exist yet; the manifests make it, restricted' };
  if (live.metadata.deletionTimestamp !== undefined) return going(where);
  return ofLevel(where, live, 'the operator');
}

function ofResources(name: string, found: readonly KubeObject[]): Observation {
  const where = `Namespace ${name}`;
  const live = found.find(({ metadata }) => metadata.name === name);
  if (live === undefined)
    return { level: 'warning', where, says: 'does not exist', remedy: `kubectl create namespace ${name}` };
  if (live.metadata.deletionTimestamp !== undefined) return going(where);
  return ofLevel(where, live, 'every pod that the operators make');
}

function ofLevel(where: string, { metadata }: KubeObject, who: string): Observation {
  const level = metadata.labels?.[enforce];
  if (level === 'restricted')
    return {
      level: 'ok',
      where,
      says: `enforces restricted, which ${who} meets unless a resource overrides its security context`,
    };
  const says = `enforces ${level ?? 'nothing'}; ${who} would be let in by restricted too`;
  return {
    level: 'note',
    where,
    says,
    remedy: `kubectl label ns ${metadata.name} ${enforce}=restricted --dry-run=server`,
  };
}

function going(where: string): Observation {
  return {
    level: 'problem',
    where,
    says: 'is being deleted: nothing can be made in it',
    remedy: 'wait until it is gone',
  };
}
