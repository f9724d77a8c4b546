/** `npm run generate`: writes the generated files. With `--check` it writes nothing and fails when one is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');
const stale = generatedFiles().filter(({ path, contents }) => current(path) !== contents);

for (const { path, contents } of stale) {
  if (isCheck) console.error(`${path} is stale: run "npm run generate" and commit it`);
  else write(path, contents);
}
if (isCheck && stale.length > 0) process.exitCode = 1;

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function write(path: string, contents: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), contents);
  console.log(`wrote ${path}`);
}
