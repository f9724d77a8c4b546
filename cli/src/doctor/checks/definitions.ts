import type { CustomResourceDefinition } from '@capstan/kube';
import { helmReleaseOf } from '@capstan/runtime';
import type { Observation } from '../finding.ts';
import type { Installation, WantedDefinition } from '../installation.ts';
import { whenSeen } from '../read.ts';
import { fieldsMissingIn } from '../schema-fields.ts';
import type { Survey } from '../survey.ts';

const kind = 'CustomResourceDefinition';
/** What an annotation may hold, in bytes; `kubectl apply` without `--server-side` keeps the whole file in one. */
const maxAnnotation = 262_144;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Fields told by name, at most. */
const maxTold = 4;

interface Pair {
  readonly live: CustomResourceDefinition;
  readonly wanted: WantedDefinition;
  readonly installation: Installation;
}

/** Whether the definitions that are installed are ours, can be replaced by ours, and who else has kinds in their groups. */
export function checkDefinitions(
  survey: Pick<Survey, 'definitions' | 'definitionNames' | 'installations'>,
): readonly Observation[] {
  const { installations, definitions, definitionNames } = survey;
  const ours = installations.flatMap((installation) =>
    installation.definitions.map((wanted) => ({ wanted, installation })),
  );
  return [
    ...whenSeen(definitions, `${kind}s`, (found) =>
      ours.flatMap((each) => {
        const live = found.find(({ metadata }) => metadata.name === each.wanted.metadata.name);
        return live === undefined ? [absent(each.wanted)] : ofDefinition({ ...each, live });
      }),
    ),
    ...whenSeen(definitionNames, `names of ${kind}s`, (names) => neighbours(names, ours)),
  ];
}

function absent({ metadata, spec }: WantedDefinition): Observation {
  return { level: 'ok', where: `${kind} ${metadata.name}`, says: `is not installed yet (${spec.versions[0]?.name})` };
}

function ofDefinition(pair: Pair): readonly Observation[] {
  const judges = [going, accepted, scope, lostVersions, strange, formerlyStored, helm, clientSideApplied];
  const seen = judges.flatMap((judge) => judge(pair));
  const where = `${kind} ${pair.live.metadata.name}`;
  if (seen.length > 0) return seen.map((each) => ({ ...each, where }));
  return [{ level: 'ok', where, says: `is ours, ${servedIn(pair.live).join(' and ')}` }];
}

type Seen = Omit<Observation, 'where'>;

function going({ live }: Pair): readonly Seen[] {
  if (live.metadata.deletionTimestamp === undefined) return [];
  const says = 'is being deleted, and every object of the kind with it; nothing can be installed until it is gone';
  return [
    { level: 'problem', says, remedy: `${commandOf('get', live)}: its condition Terminating tells what it waits for` },
  ];
}

function accepted({ live }: Pair): readonly Seen[] {
  const names = live.status?.conditions?.find(({ type }) => type === 'NamesAccepted');
  if (names?.status !== 'False') return [];
  const says = `is not served, since another definition has its names: ${names.message ?? ''}`;
  return [{ level: 'problem', says, remedy: 'delete the definition that has them, if nobody needs it' }];
}

function scope({ live, wanted }: Pair): readonly Seen[] {
  if (live.spec.scope === wanted.spec.scope) return [];
  const says = `is of somebody else: its scope is ${live.spec.scope}, ours is ${wanted.spec.scope}, and that cannot be changed`;
  return [{ level: 'problem', says, remedy: 'save its objects, delete it, then install ours' }];
}

/** A definition without a version that objects may be stored in is refused. */
function lostVersions({ live, wanted }: Pair): readonly Seen[] {
  const known = new Set(wanted.spec.versions.map(({ name }) => name));
  const lost = (live.status?.storedVersions ?? []).filter((version) => !known.has(version));
  if (lost.length === 0) return [];
  const says = `objects may be stored in ${lost.join(', ')}, which ours does not know: ours would be refused`;
  const between = `a definition with ${lost.join(', ')} and one of ${[...known].join(', ')}, the latter stored`;
  return [{ level: 'problem', says, remedy: `install ${between}; then capstan migrate-storage ${live.metadata.name}` }];
}

/** Of another operator, or of another release of ours. */
function strange(pair: Pair): readonly Seen[] {
  const { live, wanted, installation } = pair;
  const version = wanted.spec.versions.find(({ storage }) => storage);
  const theirs = live.spec.versions.find(({ name }) => name === version?.name);
  const [owner, first] = ownerOf(live, installation);
  const remedy = `${first}kubectl apply --server-side --force-conflicts -f deploy/crds/${live.spec.group}_${live.spec.names.plural}.yaml`;
  if (theirs?.served !== true) {
    const says = `is of ${owner}: it serves ${servedIn(live).join(', ') || 'nothing'}, and ours works with ${version?.name}`;
    return [{ level: 'warning', says, remedy }];
  }
  const lacks = fieldsMissingIn(theirs.schema?.openAPIV3Schema, version?.schema?.openAPIV3Schema);
  const drops = fieldsMissingIn(version?.schema?.openAPIV3Schema, theirs.schema?.openAPIV3Schema);
  return [
    ...(lacks.length === 0
      ? []
      : ([
          {
            level: 'warning',
            says: `is of ${owner}: it lacks ${told(lacks)}, which the API server drops from objects`,
            remedy,
          },
        ] as const)),
    ...(drops.length === 0
      ? []
      : ([
          { level: 'note', says: `has ${told(drops)}, which ours does not; objects that use it are told one by one` },
        ] as const)),
  ];
}

function ownerOf({ metadata: { annotations = {} } }: CustomResourceDefinition, { former }: Installation) {
  // Ours are not made by controller-gen.
  const isOthers = annotations['controller-gen.kubebuilder.io/version'] !== undefined;
  const first = `stop ${former.title} first, as ${former.advice} says; then `;
  return isOthers ? ([former.title, first] as const) : (['another release or another operator', ''] as const);
}

function formerlyStored({ live, wanted }: Pair): readonly Seen[] {
  const known = new Set(wanted.spec.versions.map(({ name }) => name));
  const stored = live.status?.storedVersions ?? [];
  const current = wanted.spec.versions.find(({ storage }) => storage)?.name;
  const former = stored.filter((version) => known.has(version) && version !== current);
  if (former.length === 0) return [];
  const says = `objects may be stored in ${former.join(', ')}; the stored version of ours is ${current}`;
  return [{ level: 'note', says, remedy: `once ours is installed: capstan migrate-storage ${live.metadata.name}` }];
}

function helm({ live }: Pair): readonly Seen[] {
  const { metadata } = live;
  const { annotations = {}, labels = {} } = metadata;
  const release = helmReleaseOf(live);
  if (release === undefined && labels['app.kubernetes.io/managed-by'] !== 'Helm') return [];
  const says = `belongs to the Helm release ${release ?? '(unnamed)'}: uninstalling that deletes it, and every object of the kind with it`;
  if (annotations['helm.sh/resource-policy'] === 'keep')
    return [{ level: 'note', says: `came with the Helm release ${release ?? '(unnamed)'}, which keeps it` }];
  return [{ level: 'warning', says, remedy: `kubectl annotate crd ${metadata.name} helm.sh/resource-policy=keep` }];
}

function clientSideApplied({ live, wanted }: Pair): readonly Seen[] {
  if (live.metadata.annotations?.[lastApplied] === undefined) return [];
  const isTooLarge = Buffer.byteLength(JSON.stringify(wanted)) > maxAnnotation;
  const says = isTooLarge
    ? 'was applied without --server-side; ours is too large for that and would be refused'
    : 'was applied without --server-side';
  return [{ level: 'note', says, remedy: 'kubectl apply --server-side --force-conflicts' }];
}

function neighbours(
  names: readonly string[],
  ours: readonly { readonly wanted: WantedDefinition; readonly installation: Installation }[],
): readonly Observation[] {
  const own = new Set(ours.map(({ wanted }) => wanted.metadata.name));
  const groups = [...new Set(ours.map(({ wanted }) => wanted.spec.group))];
  const others = names.filter((name) => !own.has(name) && groups.some((group) => name.endsWith(`.${group}`)));
  if (others.length === 0) return [];
  return [
    { level: 'note', where: `${kind}s of the same groups`, says: `${others.join(', ')} are of others, and left alone` },
  ];
}

function servedIn({ spec }: CustomResourceDefinition): readonly string[] {
  return spec.versions.filter(({ served }) => served).map(({ name }) => name);
}

function told(fields: readonly string[]): string {
  const more = fields.length - maxTold;
  return more > 0 ? `${fields.slice(0, maxTold).join(', ')} and ${more} more` : fields.join(', ');
}

function commandOf(verb: string, { metadata }: CustomResourceDefinition): string {
  return `kubectl ${verb} crd ${metadata.name} -o yaml`;
}
