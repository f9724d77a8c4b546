import { Command } from 'commander';
import { demoCommand } from './demo/command.ts';
import { downCommand } from './down.ts';
import { reportFailure } from './failure.ts';
import { statusCommand } from './status.ts';
import { upCommand } from './up.ts';

const program = new Command('capstan')
  .description('A local Kubernetes control plane, and tools for operators')
  .showHelpAfterError('(capstan --help shows what there is)')
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(statusCommand())
  .addCommand(demoCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
