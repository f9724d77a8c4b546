import { relative } from 'node:path';
import { Command } from 'commander';
import { scaffold } from './scaffold.ts';

interface InitOptions {
  readonly group?: string;
  readonly kind?: string;
  readonly plural?: string;
  readonly directory?: string;
  readonly capstanFrom?: string;
}

/** `capstan init`: makes the repository of a new operator. */
export function initCommand(): Command {
  return new Command('init')
    .description('make the repository of a new operator, with tests, chart and CI, that works as it stands')
    .argument('<name>', 'of the operator, such as cache-operator')
    .option('--group <group>', 'API group of its kind, a domain of yours (default: example.dev)')
    .option('--kind <Kind>', 'its kind (default: the name without -operator, such as Cache)')
    .option('--plural <plural>', 'the plural of the kind (default: by the rules of English)')
    .option('--directory <path>', 'where to make it (default: the name)')
    .option('--capstan-from <path>', "link Capstan's packages from this clone instead of naming them by version")
    .action(init);
}

async function init(name: string, options: InitOptions): Promise<void> {
  const { directory = name } = options;
  const made = await scaffold({ ...options, name, directory });
  const { words, group } = made.names;
  console.log(
    `made ${made.paths.length} files in ${relative('.', made.directory) || '.'}: ${words.kind} (${words.plural}.${group})`,
  );
  console.log('next:');
  console.log(`  cd ${directory}`);
  console.log('  npm install');
  console.log('  npm test          # on a real API server, started by the tests');
  console.log('then read CONTRIBUTING.md, which says where what is');
  if (options.capstanFrom === undefined)
    console.log(
      "Capstan's packages are not published yet: until they are, use --capstan-from with the path of a clone",
    );
}
