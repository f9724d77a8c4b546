import { fileURLToPath } from 'node:url';
import type { ResourceType } from '@capstan/kube';

/** An operator as this repository has it. */
export interface ShippedOperator {
  readonly name: string;
  /** Its program, a TypeScript file. */
  readonly program: string;
  /** What is applied for it: a file with its CRD, a directory with its account and permissions. */
  readonly manifests: { readonly crds: string; readonly operator: string };
}

/** Where a path below the root of the repository is on this machine. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** The `capstan` command. */
export const capstanProgram = repositoryPath('cli/bin/capstan.mjs');

/** The operator in `operators/<system>`, which runs this kind. */
export function shippedOperator(system: string, { group, plural }: ResourceType): ShippedOperator {
  const name = `${system}-operator`;
  return {
    name,
    program: repositoryPath(`operators/${system}/src/main.ts`),
    manifests: {
      crds: repositoryPath(`deploy/crds/${group}_${plural}.yaml`),
      operator: repositoryPath(`deploy/${name}.yaml`),
    },
  };
}
