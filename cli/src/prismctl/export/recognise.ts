import { type Finding, leftAlone, leftOut, titleOf } from './finding.ts';
import { holderOf } from './holder.ts';
import type { LiveObjects, Workload } from './live-objects.ts';
import { componentOf, type Guess, guessRole, type Role } from './roles.ts';

/** A workload, and what it is. */
export interface Part<R extends Role = Role> {
  readonly role: R;
  readonly workload: Workload;
}

type PatternRole = Extract<Role, { is: 'pattern' }>;
type BackendRole = Extract<Role, { is: 'backend' }>;

/** Which workload is which part of Prism. */
export interface Recognised {
  /** The namespace of the cluster; `undefined`: nothing of Prism was found. */
  readonly home: string | undefined;
  readonly admin: Workload | undefined;
  readonly proxy: Workload | undefined;
  readonly patterns: readonly Part<PatternRole>[];
  /** In any of the namespaces. */
  readonly backends: readonly Part<BackendRole>[];
  readonly findings: readonly Finding[];
}

interface Guessed extends Guess {
  readonly workload: Workload;
}

/** Tells which workload is which part of Prism. What cannot be told for sure is nothing, and is in the findings. */
export function recognise({ workloads, namespaces }: LiveObjects): Recognised {
  const guesses = workloads.flatMap((workload) => {
    const guess = guessRole(workload);
    return guess === undefined ? [] : [{ ...guess, workload }];
  });
  const home = homeOf(guesses, namespaces);
  const { parts, findings } = chosen(guesses, home);
  const only = (is: 'admin' | 'proxy') => parts.find(({ role }) => role.is === is)?.workload;
  return {
    ...{ home, findings },
    ...{ admin: only('admin'), proxy: only('proxy') },
    patterns: parts.filter((part): part is Part<PatternRole> => part.role.is === 'pattern'),
    backends: parts.filter((part): part is Part<BackendRole> => part.role.is === 'backend'),
  };
}

/** The first with a control plane or a proxy; without any, the first with a runner. */
function homeOf(guesses: readonly Guessed[], namespaces: readonly string[]): string | undefined {
  const first = (...kinds: readonly Role['is'][]) =>
    namespaces.find((namespace) =>
      guesses.some(
        ({ role, isSure, workload }) => isSure && kinds.includes(role.is) && workload.metadata.namespace === namespace,
      ),
    );
  return first('admin', 'proxy') ?? first('pattern');
}

function chosen(guesses: readonly Guessed[], home: string | undefined) {
  const findings: Finding[] = [];
  const candidates = guesses.filter((guess) => {
    const finding = obstacleOf(guess, home);
    if (finding !== undefined) findings.push(finding);
    return finding === undefined;
  });
  const parts: Part[] = [];
  for (const rivals of Map.groupBy(candidates, rivalryOf).values()) {
    const told = theOne(rivals);
    if (told !== undefined) parts.push(told);
    findings.push(...rivals.filter((each) => each !== told).map((each) => rivalFinding(each, rivals, told)));
  }
  return { parts, findings };
}

function obstacleOf({ role, isSure, workload }: Guessed, home: string | undefined): Finding | undefined {
  const component = componentOf(role);
  if (!isSure) {
    const message = `only one thing of its name, labels (app, pattern), container and image says that it is ${component}: it is not taken for it`;
    return role.is === 'backend' ? leftAlone(workload, message) : leftOut(workload, message);
  }
  if (role.is === 'backend') return undefined;
  if (workload.metadata.namespace !== home)
    return leftOut(workload, `it is not in namespace ${home}, and a cluster has all of its parts in one`);
  const holder = holderOf(workload);
  if (holder !== undefined) return leftOut(workload, holder);
  return workload.spec?.selector.matchLabels === undefined || workload.spec.selector.matchExpressions !== undefined
    ? leftOut(workload, 'its selector is not made of labels alone (matchLabels), which is all a cluster can say')
    : undefined;
}

/** Which of them there can be one of. Servers of one kind in two namespaces are told apart by who uses them. */
function rivalryOf({ role, workload }: Guessed): string {
  if (role.is !== 'backend') return componentOf(role);
  return `${workload.metadata.namespace}/${workload.kind}/${workload.metadata.name}`;
}

/** The only one, or the only one of several that has the name. */
function theOne(rivals: readonly Guessed[]): Guessed | undefined {
  if (rivals.length < 2) return rivals[0];
  const named = rivals.filter(({ role, workload }) => workload.metadata.name === componentOf(role));
  return named.length === 1 ? named[0] : undefined;
}

function rivalFinding({ role, workload }: Guessed, rivals: readonly Guessed[], told: Guessed | undefined): Finding {
  const others = rivals.filter((each) => each.workload !== workload).map((each) => titleOf(each.workload));
  const component = componentOf(role);
  return leftOut(
    workload,
    told === undefined
      ? `it is ${component}, and so is ${others.join(', ')}: which of them is meant cannot be told, so none is exported`
      : `it is ${component} as well as ${titleOf(told.workload)}, which bears the name: a cluster has one`,
  );
}
