import { fileURLToPath } from 'node:url';

/** The root of the repository, which the demo's files are read from. */
export const repositoryRoot = pathOf('.');

/** The program of the StreamBus operator. */
export const operatorProgram = pathOf('operators/streambus/src/main.ts');

/** The `capstan` command. */
export const capstanProgram = pathOf('cli/bin/capstan.mjs');

/** What is shipped for the StreamBus operator, and its samples. */
export const deploy = {
  crds: pathOf('deploy/crds'),
  operator: pathOf('deploy/streambus-operator'),
  samples: pathOf('deploy/samples/streambus'),
} as const;

function pathOf(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
