import { Command } from 'commander';
import { reportFailure } from '../failure.ts';
import { kubernetesCommand } from './kubernetes-command.ts';

const program = new Command('prismctl')
  .description('Looks at Prism clusters')
  .showHelpAfterError('(prismctl --help shows what there is)')
  .addCommand(kubernetesCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, 'prismctl');
}
