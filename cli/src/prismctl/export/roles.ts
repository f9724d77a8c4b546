import type { Workload } from './live-objects.ts';
import { podLabels } from './live-objects.ts';

/** The servers that a cluster can name as its backends. */
export const backendKinds = ['redis', 'nats', 'postgres', 'minio', 'kafka'] as const;
export type BackendKind = (typeof backendKinds)[number];

/** What a workload is to Prism. */
export type Role =
  | { readonly is: 'admin' }
  | { readonly is: 'proxy' }
  | { readonly is: 'pattern'; readonly name: string }
  | { readonly is: 'backend'; readonly backend: BackendKind };

/** What a workload is by its looks, and whether two things at least say so. */
export interface Guess {
  readonly role: Role;
  readonly isSure: boolean;
}

/** The name of a component within its cluster: `prism-admin`, `prism-proxy`, `keyvalue-runner`, `redis`. */
export function componentOf(role: Role): string {
  switch (role.is) {
    case 'admin':
    case 'proxy':
      return `prism-${role.is}`;
    case 'pattern':
      return `${role.name}-runner`;
    case 'backend':
      return role.backend;
  }
}

/** What a workload seems to be by its name, the labels of its pods, its container and its image; `undefined`: nothing of Prism. */
export function guessRole(workload: Workload): Guess | undefined {
  const clues = cluesOf(workload);
  const pattern = patternOf(clues);
  const candidates: readonly Role[] = [
    { is: 'admin' },
    { is: 'proxy' },
    ...(pattern === undefined ? [] : [{ is: 'pattern', name: pattern } as const]),
    ...backendKinds.map((backend) => ({ is: 'backend', backend }) as const),
  ];
  const guesses = candidates.map((role) => ({ role, count: countOf(role, clues) })).filter(({ count }) => count > 0);
  const [best] = guesses.toSorted((a, b) => b.count - a.count);
  return best && { role: best.role, isSure: best.count > 1 };
}

/** Each of these may name what a workload runs. */
interface Clues {
  readonly name: string;
  readonly app: readonly string[];
  readonly pattern: string | undefined;
  readonly containers: readonly string[];
  readonly images: readonly string[];
}

const appLabels = ['app', 'app.kubernetes.io/name', 'app.kubernetes.io/component'];

function cluesOf(workload: Workload): Clues {
  const { metadata, spec } = workload;
  const labels = { ...podLabels(workload), ...spec?.selector.matchLabels };
  const containers = spec?.template.spec?.containers ?? [];
  return {
    name: metadata.name,
    app: appLabels.flatMap((label) => labels[label] ?? []),
    pattern: labels['pattern'],
    containers: containers.map(({ name }) => name),
    images: containers.flatMap(({ image = '' }) => imageNames(image)),
  };
}

/** `registry:5000/prism/admin:v1` is `admin`, and `prism-admin`. */
function imageNames(image: string): readonly string[] {
  const [path = ''] = image.replace(/:[^/:]*$/, '').split('@');
  const parts = path.split('/');
  return [parts.slice(-1), parts.slice(-2)].map((some) => some.join('-'));
}

const runner = /^(?<pattern>[a-z][-a-z0-9]*)-runner$/;

function patternOf({ name, app, pattern, containers }: Clues): string | undefined {
  if (pattern !== undefined) return pattern;
  return [name, ...app, ...containers].flatMap((text) => runner.exec(text)?.groups?.['pattern'] ?? [])[0];
}

const otherWords: Readonly<Record<string, readonly string[]>> = { postgres: ['postgresql'] };

function countOf(role: Role, { name, app, pattern, containers, images }: Clues): number {
  const component = componentOf(role);
  const words = [component, ...(otherWords[component] ?? [])];
  const isNamed = (texts: readonly string[]) => texts.some((text) => words.includes(text));
  const hints = [isNamed([name]), isNamed(app), isNamed(containers), isNamed(images)];
  const label = role.is === 'pattern' && pattern === role.name;
  const isRunner = role.is === 'pattern' && [name, ...containers, ...images].some((text) => runner.test(text));
  return hints.filter(Boolean).length + (label ? 1 : 0) + (isRunner && !hints.some(Boolean) ? 1 : 0);
}
