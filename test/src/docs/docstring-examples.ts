import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Code that a page or a docstring shows. */
export interface CodeExample {
  /** From the root of the repository. */
  readonly file: string;
  /** Of the first line of the code, from 1. */
  readonly line: number;
  readonly code: string;
}

/** An expression of an example, and what its comment says that it gives. */
export interface ExampleClaim {
  readonly expression: string;
  readonly value: string;
}

const packages = ['crd', 'dsoi', 'kube', 'resources', 'runtime', 'testkit'] as const;

/** The index files of the packages whose examples are read: what they export needs no import in an example. */
export const entryPoints: readonly string[] = packages.map((name) => `packages/${name}/src/index.ts`);

/** Every `@example` of the packages that authors of operators use. */
export function docstringExamples(root: string): readonly CodeExample[] {
  const files = globSync(`packages/{${packages.join(',')}}/src/**/*.ts`, { cwd: root }).toSorted();
  return files
    .filter((file) => !/\.(test|fixture|gen)\.ts$/.test(file))
    .flatMap((file) => examplesIn(file, readFileSync(join(root, file), 'utf8')));
}

function examplesIn(file: string, source: string): readonly CodeExample[] {
  const blocks = source.matchAll(/^[ /]*\*+ @example\n(?<fence> *\* ```ts\n)(?<body>(?: *\*.*\n)*?) *\* ```$/gm);
  return [...blocks].map(({ index, groups = {} }) => ({
    file,
    line: source.slice(0, index).split('\n').length + 2,
    code: (groups['body'] ?? '').replaceAll(/^ *\* ?/gm, '').trimEnd(),
  }));
}

/**
 * What an example claims: an expression on one line with its value in a comment, on the same line or alone on the next one.
 */
export function claimsIn(code: string): readonly ExampleClaim[] {
  const lines = code.split('\n');
  return lines.flatMap((line, index) => {
    const [, sameLine, itsValue] = /^(?!\/\/)(.*[^;\s])\s+\/\/ (.+)$/.exec(line) ?? [];
    if (sameLine !== undefined && itsValue !== undefined) return [{ expression: sameLine, value: itsValue }];
    const [, nextLine] = /^\/\/ (.+)$/.exec(lines[index + 1] ?? '') ?? [];
    return nextLine !== undefined && /^\w.*[^;]$/.test(line) ? [{ expression: line, value: nextLine }] : [];
  });
}
