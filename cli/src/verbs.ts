import type { Command } from 'commander';

/** A command of `capstan`, described here so that the others need not load its code. */
export interface Verb {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
export const verbs: readonly Verb[] = [
  {
    name: 'up',
    description: 'start a local control plane that stays up until capstan down',
    load: async () => (await import('./up.ts')).upCommand(),
  },
  {
    name: 'down',
    description: 'stop a local control plane and remove its data',
    load: async () => (await import('./down.ts')).downCommand(),
  },
  {
    name: 'status',
    description: 'show the local control planes',
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  {
    name: 'doctor',
    description: 'look at a cluster, and say what would go wrong on installing or upgrading',
    load: async () => (await import('./doctor/command.ts')).doctorCommand(),
  },
  {
    name: 'plan',
    description: 'show what the operators would change, and change nothing',
    load: async () => (await import('./plan/command.ts')).planCommand(),
  },
  {
    name: 'explain',
    description: 'show why and how an operator worked on a resource lately',
    load: async () => (await import('./explain/command.ts')).explainCommand(),
  },
  {
    name: 'console',
    description: 'show every custom resource and what belongs to it in a browser, live',
    load: async () => (await import('./console/command.ts')).consoleCommand(),
  },
  {
    name: 'migrate-storage',
    description: 'rewrite objects that are stored in a former version of their kind',
    load: async () => (await import('./migrate-storage/command.ts')).migrateStorageCommand(),
  },
  {
    name: 'uninstall',
    description: 'take an operator down; its custom resources, and all that it made for them, stay',
    load: async () => (await import('./uninstall/command.ts')).uninstallCommand(),
  },
  {
    name: 'init',
    description: 'make the repository of a new operator, with tests, chart and CI, that works as it stands',
    load: async () => (await import('./init/command.ts')).initCommand(),
  },
  {
    name: 'demo',
    description: 'watch operators bring up their samples on a control plane of its own',
    load: async () => (await import('./demo/command.ts')).demoCommand(),
  },
];
