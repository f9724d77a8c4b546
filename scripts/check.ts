/** `npm test`: every check of the house in order, cheapest first; ends with a line `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = join(root, 'node_modules', '.cache', 'vitest-report.json');

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const checks: readonly Check[] = [
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the console page, which runs in a browser', command: ['tsc', '-p', 'cli/src/console/page'] },
  {
    name: 'import rules',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'packages',
      'operators',
      'examples',
      'cli',
      'bench',
      'test',
      'scripts',
    ],
  },
  { name: 'unused code', command: ['knip', '--no-config-hints'] },
  { name: 'generated files are fresh', command: ['node', 'scripts/generate.ts', '--check'] },
];

process.exit(main(process.argv.slice(2)));

function main(vitestArguments: readonly string[]): number {
  const results = checks.map(run);
  // Built once, and kept outside the checkout: what cannot be built shows in the tests that need it.
  spawnSync('node', ['scripts/go-tools/prepare.ts'], { cwd: root, stdio: 'inherit' });
  const tests = runTests(vitestArguments);
  const passed = results.filter((ok) => ok).length + tests.passed;
  const failed = results.filter((ok) => !ok).length + tests.failed;
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function run({ name, command }: Check): boolean {
  const started = performance.now();
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  const ok = status === 0;
  console.log(`${ok ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(`${stdout}${stderr}`);
  return ok;
}

/** A test run that dies before it writes its report counts as one failure, never as none. */
function runTests(args: readonly string[]): { passed: number; failed: number } {
  rmSync(report, { force: true });
  const { status } = spawnSync(
    'vitest',
    [
      'run',
      '--project=unit',
      '--project=live',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = Number(numFailedTests);
  return { passed: Number(numPassedTests), failed: status === 0 ? failed : Math.max(1, failed) };
}
