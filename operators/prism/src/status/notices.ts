import { plainCredentials } from '../adoption/plain-credentials.ts';
import { backendKinds, enabledBackend } from '../backends/backend-kind.ts';
import { postgresUser } from '../backends/postgres-user.ts';
import { defaultVersion, imageOf, isUnpinned } from '../backends/versions.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { standingOf } from '../children/pattern-standing.ts';
import { runnerName } from '../names.ts';
import { supportOf } from '../patterns/runner-support.ts';
import { profileOf } from '../profiles/profiles.ts';
import { rebootstrapOffer } from '../rebootstrap/rebootstrap-conditions.ts';
import { adoptedCondition } from './adopted.ts';
import type { Situation } from './situation.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** What people should know of the spec although it is carried out. */
export function noticeConditions(situation: Situation): readonly WantedCondition[] {
  return [
    ...rebootstrapOffer(situation),
    ...runnerSupported(situation),
    ...backendMissing(situation),
    ...adoptedCondition(situation),
    ...defaultCredentials(situation),
    ...unpinnedVersions(situation),
    ...newerVersions(situation),
    ...userAssumed(situation),
  ];
}

/** Those that cannot do their work first, then what the others do that people do not expect. */
function runnerSupported({ cluster, observed }: Situation): readonly WantedCondition[] {
  const type = 'RunnerSupported';
  const judged = cluster.spec.patterns.filter(
    (pattern: AnyPattern) =>
      // Of what somebody else made nobody here knows what it can do.
      pattern.isKept !== true && standingOf(cluster, pattern, observed.secrets).kind !== 'Held',
  );
  const all = judged.map((pattern) => ({
    name: runnerName(pattern.name),
    support: supportOf(pattern, cluster, profileOf(cluster)),
  }));
  const cannot = all.flatMap(({ name, support }) => (support.kind === 'Supported' ? [] : [`${name}: ${support.why}`]));
  const cautions = all.flatMap(({ name, support }) =>
    support.kind === 'Supported' && support.caution !== undefined ? [`${name}: ${support.caution}`] : [],
  );
  const message = `${[...cannot, ...cautions].join('; ')}.`;
  if (cannot.length > 0) {
    const isRefused = all.some(({ support }) => support.kind === 'Refused');
    return [{ type, status: 'False', reason: isRefused ? 'Refused' : 'Unsupported', message }];
  }
  return cautions.length === 0 ? [] : [{ type, status: 'True', reason: 'WithCautions', message }];
}

function backendMissing({ cluster, observed: { secrets } }: Situation): readonly WantedCondition[] {
  const sentences = cluster.spec.patterns.flatMap((pattern) => {
    const standing = standingOf(cluster, pattern, secrets);
    return standing.kind === 'BackendMissing' ? [`${runnerName(pattern.name)} is not started: ${standing.why}`] : [];
  });
  if (sentences.length === 0) return [];
  return [{ type: 'BackendMissing', status: 'True', reason: 'BackendDisabled', message: `${sentences.join('; ')}.` }];
}

function defaultCredentials({ cluster, observed: { secrets, adoption } }: Situation): readonly WantedCondition[] {
  const type = 'DefaultCredentials';
  const known = [...secrets.findings].flatMap(([kind, finding]) =>
    finding.kind === 'Usable' && finding.isWellKnown ? [kind] : [],
  );
  const plain = plainCredentials(cluster, adoption).map(
    ({ component, variables }) => `${component} (${variables.join(', ')})`,
  );
  const sentences = [
    ...(known.length === 0
      ? []
      : [`Everybody knows the credentials of ${known.join(', ')}: put others into the Secret, and into the server.`]),
    ...(plain.length === 0
      ? []
      : [
          `Everybody who may read these pods may read the secrets in their variables: ${plain.join(', ')}. spec.adoption.podTemplates: Replace makes them references to Secrets, and restarts the pods.`,
        ]),
  ];
  if (sentences.length === 0) return [];
  const reason = known.length > 0 ? 'WellKnown' : 'InPlainSight';
  return [{ type, status: 'True', reason, message: sentences.join(' ') }];
}

/** The backends that run here, with the images they run. */
function imagesHere({ cluster, observed: { secrets } }: Situation) {
  return backendKinds.flatMap((kind) => {
    const backend = enabledBackend(cluster, kind);
    if (backend === undefined || backend.external !== undefined) return [];
    const made = secrets.made[kind]?.version;
    return [{ kind, backend, made, image: imageOf(kind, backend, made) }];
  });
}

function unpinnedVersions(situation: Situation): readonly WantedCondition[] {
  const unpinned = imagesHere(situation).filter(({ image }) => isUnpinned(image));
  if (unpinned.length === 0) return [];
  const listed = unpinned.map(({ kind, image }) => `${kind} (${image})`).join(', ');
  const message = `What these are may change with any restart: ${listed}. Name a version, or leave it out for a pinned one.`;
  return [{ type: 'UnpinnedVersions', status: 'True', reason: 'LatestTag', message }];
}

/** A new release of the operator is no reason to restart a database; to know of a newer version is one for its owner. */
function newerVersions(situation: Situation): readonly WantedCondition[] {
  const kept = imagesHere(situation).flatMap(({ kind, backend: { image, version }, made = defaultVersion(kind) }) =>
    image === undefined && version === undefined && made !== defaultVersion(kind)
      ? [`${kind} runs ${made}, and one that is made now ${defaultVersion(kind)}`]
      : [],
  );
  if (kept.length === 0) return [];
  const message = `These keep the version that they were made with: ${kept.join('; ')}. Name it as their version when you want it.`;
  return [{ type: 'NewerVersions', status: 'True', reason: 'OtherDefault', message }];
}

/** Postgres alone minds whose its files are. */
function userAssumed(situation: Situation): readonly WantedCondition[] {
  const postgres = imagesHere(situation).find(({ kind }) => kind === 'postgres');
  if (postgres === undefined || postgres.backend.runAsUser !== undefined) return [];
  const { identity, isKnown } = postgresUser(postgres.image);
  if (isKnown) return [];
  const message =
    `Nobody has said which user ${postgres.image} runs as: postgres is started as ${identity.uid}, and opens only files of its own user. ` +
    'Name that of the image in spec.backends.postgres.runAsUser.';
  return [{ type: 'UserAssumed', status: 'True', reason: 'UnknownImage', message }];
}
