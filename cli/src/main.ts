import { Command } from 'commander';
import { reportFailure } from './failure.ts';
import { verbs } from './verbs.ts';

const program = new Command('capstan')
  .description('A local Kubernetes control plane, and tools for operators')
  .showHelpAfterError('(capstan --help shows what there is)');

try {
  // Only the verb that is named is loaded: the help and the small commands stay quick.
  for (const { name, description, load } of verbs)
    program.addCommand(process.argv.includes(name) ? await load() : new Command(name).description(description));
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
