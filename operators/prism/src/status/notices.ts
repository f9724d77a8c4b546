import { backendKinds, enabledBackend } from '../backends/backend-kind.ts';
import { imageOf, isUnpinned } from '../backends/versions.ts';
import { standingOf } from '../children/pattern-standing.ts';
import { runnerName } from '../names.ts';
import { supportOf } from '../patterns/runner-support.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { Situation } from './situation.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** What people should know of the spec although it is carried out. */
export function noticeConditions(situation: Situation): readonly WantedCondition[] {
  return [
    ...runnerSupported(situation),
    ...backendMissing(situation),
    ...defaultCredentials(situation),
    ...unpinnedVersions(situation),
  ];
}

/** Those that cannot do their work first, then what the others do that people do not expect. */
function runnerSupported({ cluster }: Situation): readonly WantedCondition[] {
  const type = 'RunnerSupported';
  const all = cluster.spec.patterns.map((pattern) => ({
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

function defaultCredentials({ observed: { secrets } }: Situation): readonly WantedCondition[] {
  const known = [...secrets.findings].flatMap(([kind, finding]) =>
    finding.kind === 'Usable' && finding.isWellKnown ? [kind] : [],
  );
  if (known.length === 0) return [];
  const message = `Everybody knows the credentials of ${known.join(', ')}: put others into the Secret, and into the server.`;
  return [{ type: 'DefaultCredentials', status: 'True', reason: 'WellKnown', message }];
}

function unpinnedVersions({ cluster }: Situation): readonly WantedCondition[] {
  const unpinned = backendKinds.flatMap((kind) => {
    const backend = enabledBackend(cluster, kind);
    if (backend === undefined || backend.external !== undefined) return [];
    const image = imageOf(kind, backend);
    return isUnpinned(image) ? [`${kind} (${image})`] : [];
  });
  if (unpinned.length === 0) return [];
  const message = `What these are may change with any restart: ${unpinned.join(', ')}. Name a version, or leave it out for a pinned one.`;
  return [{ type: 'UnpinnedVersions', status: 'True', reason: 'LatestTag', message }];
}
