import { fileURLToPath } from 'node:url';

/** An operator as this repository has it. */
export interface ShippedOperator {
  readonly name: string;
  /** Its program, a TypeScript file. */
  readonly program: string;
  /** What is applied for it: a file with its CRDs, its account and permissions. */
  readonly manifests: string;
}

/** Where a path below the root of the repository is on this machine. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** The `capstan` command. */
export const capstanProgram = repositoryPath('cli/bin/capstan.mjs');

/** The operator in `operators/<system>`. */
export function shippedOperator(system: string): ShippedOperator {
  const name = `${system}-operator`;
  return {
    name,
    program: repositoryPath(`operators/${system}/src/main.ts`),
    manifests: repositoryPath(`deploy/${name}.yaml`),
  };
}
