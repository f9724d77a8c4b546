import type { Deployment, Lease } from '@capstan/kube';
import { isHeld } from '../at-work.ts';
import type { Observation } from '../finding.ts';
import { type FormerOperator, imagesOf, isOurs, looksFormer } from '../former-operator.ts';
import { type Installation, objectName } from '../installation.ts';
import { overlap, placeOf } from '../operator-place.ts';
import { notWhole, whenSeen } from '../read.ts';
import type { Survey } from '../survey.ts';

type Input = Pick<Survey, 'leases' | 'deployments' | 'installations' | 'now' | 'operatorNamespace'>;

/** Whether anybody else works on the same objects: operators that came before ours, or a second install of ours. */
export function checkOtherOperators(survey: Input): readonly Observation[] {
  const { installations, leases, deployments } = survey;
  const found = [
    ...whenSeen(leases, 'Leases', (all) => installations.flatMap((each) => ofLeases(each, all, survey))),
    ...whenSeen(deployments, 'Deployments', (excerpt) => [
      ...installations.flatMap((each) => ofDeployments(each, excerpt.items, survey)),
      ...notWhole('Deployments', excerpt),
    ]),
  ];
  if (found.length > 0) return found;
  return [{ level: 'ok', where: 'Leases and Deployments', says: 'nobody else works on these kinds' }];
}

function ofLeases({ former, rivals }: Installation, leases: readonly Lease[], { now }: Input): readonly Observation[] {
  return leases
    .filter(({ metadata }) => rivals.some(({ lease }) => lease === metadata.name))
    .map((lease) => {
      const where = objectName(lease);
      const { holderIdentity: holder = '' } = lease.spec ?? {};
      const age = now - Date.parse(lease.spec?.renewTime ?? '');
      if (holder === '' || !isHeld(lease, now))
        return { level: 'note', where, says: `was left by ${former.title}, which does not run any more` };
      return {
        ...{ level: 'problem', where },
        says: `${former.title} is at work: ${holder} renewed it ${Math.max(0, Math.round(age / 1_000))} s ago; ours stands by until it stops`,
        remedy: stopping(former, `stop it, as ${former.advice} says`),
      };
    });
}

function stopping({ alsoDoes }: FormerOperator, how: string): string {
  return alsoDoes === undefined ? how : `${how}; ${alsoDoes}`;
}

function ofDeployments(
  installation: Installation,
  deployments: readonly Deployment[],
  survey: Input,
): readonly Observation[] {
  const { operator, former } = installation;
  const ours = deployments.filter((each) => isOurs(each, operator));
  const others = deployments.filter((each) => !isOurs(each, operator) && looksFormer(each, former));
  return [...others.flatMap((each) => ofFormer(each, installation, survey)), ...ofSecond(ours, operator)];
}

function ofFormer(
  deployment: Deployment,
  { operator, former, namespace }: Installation,
  { operatorNamespace = namespace }: Input,
): readonly Observation[] {
  const { metadata, spec } = deployment;
  const where = objectName(deployment);
  const images = imagesOf(spec).join(', ');
  const stop = `kubectl -n ${metadata.namespace} scale deployment ${metadata.name} --replicas=0`;
  const runs: Observation = {
    ...{ level: 'problem', where },
    says: `looks like ${former.title} (${images}): unless it leads by a Lease, ours does not notice it, and each undoes the work of the other`,
    remedy: stopping(former, `${stop}, as ${former.advice} says`),
  };
  const inTheWay: Observation = {
    ...{ level: 'problem', where },
    says: 'has the name of ours and another selector, which cannot be changed: ours would be refused',
    remedy: `kubectl -n ${metadata.namespace} delete deployment ${metadata.name}, once it is stopped`,
  };
  const isStopped = spec?.replicas === 0;
  const stopped: Observation = { level: 'note', where, says: `looks like ${former.title} (${images}), stopped` };
  return [
    isStopped ? stopped : runs,
    ...(metadata.name === operator && metadata.namespace === operatorNamespace ? [inTheWay] : []),
  ];
}

/** Two installs in one namespace share a Lease, so one of them stands by. */
function ofSecond(ours: readonly Deployment[], operator: string): readonly Observation[] {
  const running = ours.filter(({ spec }) => spec?.replicas !== 0);
  return running.flatMap((deployment, index) => {
    const place = placeOf(deployment, operator);
    const rival = running.slice(0, index).find((other) => {
      const theirs = placeOf(other, operator);
      return theirs.namespace !== place.namespace && overlap(theirs, place);
    });
    if (rival === undefined) return [];
    const { namespace, name } = deployment.metadata;
    return [
      {
        ...{ level: 'problem', where: objectName(deployment) },
        says: `works on the same objects as ${objectName(rival)}, and neither knows of the other`,
        remedy: `kubectl -n ${namespace} scale deployment ${name} --replicas=0, or give each its own --namespace`,
      } as const,
    ];
  });
}
