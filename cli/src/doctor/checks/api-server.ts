import { KUBERNETES_VERSION } from '@capstan/controlplane';
import type { Observation } from '../finding.ts';
import { type KubeVersion, minorsAhead, parseKubeVersion } from '../kube-version.ts';
import { whenSeen } from '../read.ts';
import type { Survey } from '../survey.ts';

/** The definitions compare sizes of volumes by `quantity()`, which API servers know from 1.29 on: https://kubernetes.io/docs/reference/using-api/cel/ */
const oldest: KubeVersion = { major: 1, minor: 29 };
/** From here on an object that is not valid any more may still be edited elsewhere (CRD ratcheting). */
const ratcheting: KubeVersion = { major: 1, minor: 30 };

const where = 'API server';

/** Whether the API server is new enough for the definitions, and not newer than what was tested. */
export function checkApiServer({ version }: Pick<Survey, 'version'>): readonly Observation[] {
  return whenSeen(version, where, (text) => [ofVersion(text)]);
}

function ofVersion(text: string): Observation {
  const version = parseKubeVersion(text);
  if (version === undefined)
    return { level: 'warning', where, says: `does not tell its version ("${text}"): 1.29 or later is needed` };
  if (minorsAhead(version, oldest) < 0)
    return {
      ...{ level: 'problem', where },
      says: `${text} is too old: it would refuse the definitions, whose rules use quantity()`,
      remedy: 'upgrade the cluster to 1.29 or later',
    };
  if (minorsAhead(version, ratcheting) < 0) {
    const says = `${text}: edits of objects that are not valid any more are refused until every field is (from 1.30 on, only what is edited)`;
    return { level: 'note', where, says };
  }
  const tested = parseKubeVersion(KUBERNETES_VERSION);
  if (tested !== undefined && minorsAhead(version, tested) > 0)
    return {
      level: 'note',
      where,
      says: `${text} is newer than ${KUBERNETES_VERSION}, which the operators are tested with`,
    };
  return { level: 'ok', where, says: text };
}
