// The door to every script: installs what a fresh clone lacks, then goes on with the Node version the project is made for.
// Plain JavaScript on purpose: it must run before anything is installed, on Node 20 and newer.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const tasks = {
  demo: ['cli/src/main.ts', 'demo'],
  example: ['examples/environment-operator/src/show.ts'],
  capstan: ['cli/src/main.ts'],
  test: ['scripts/check.ts'],
  failover: ['test/src/failover/main.ts'],
  druid: ['node_modules/vitest/vitest.mjs', 'run', '--project=druid'],
  generate: ['scripts/generate.ts'],
  bench: ['bench/src/main.ts'],
  images: ['scripts/image/build-images.ts'],
  release: ['scripts/release/release.ts'],
  prove: ['scripts/prove/prove.ts'],
};

main(process.argv[2], process.argv.slice(3));

function main(task, args) {
  if (!(task in tasks)) stop(`unknown task "${task}"; there are: ${Object.keys(tasks).join(', ')}`);
  if (Number(process.versions.node.split('.')[0]) < 20)
    stop(`Node ${process.versions.node} is too old: install Node 20 or newer`);
  install();
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...inRoot(tasks[task]), ...args], {
    stdio: 'inherit',
    env: environment(),
  });
  // A Ctrl-C reaches the task by itself: staying until it has stopped in order keeps the terminal its own.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', ({ message }) => stop(`${node} could not be started: ${message}`));
  child.on('exit', (status, signal) => process.exit(signal === null ? status : 130));
}

function inRoot([script, ...rest]) {
  return [join(root, script), ...rest];
}

function environment() {
  return {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  };
}

function install() {
  if (isInstalled()) return;
  process.stderr.write('installing dependencies (npm ci, about half a minute) ...\n');
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) stop(`npm could not be started (${error.message}): install npm, which comes with Node`);
  if (status !== 0) stop('npm ci failed; the reason stands above. Is the npm registry reachable?');
  if (!existsSync(node))
    stop(
      'npm left out the pinned Node binary, most likely because install scripts are off: run "npm config delete ignore-scripts", then "npm ci"',
    );
}

/** npm writes node_modules/.package-lock.json last; a lock file younger than that means that dependencies changed. */
function isInstalled() {
  const done = join(root, 'node_modules', '.package-lock.json');
  return (
    existsSync(node) && existsSync(done) && statSync(done).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  );
}

function stop(sentence) {
  process.stderr.write(`capstan: ${sentence}\n`);
  process.exit(1);
}
