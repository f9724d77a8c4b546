// Starts a program with a Node that can run TypeScript from source. Plain JavaScript: any Node can read this file.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program in this process, or in one of the workspace's own Node where this one is too old.
 * @param {string} name of the program, for its messages
 * @param {URL} url of its TypeScript file
 */
export async function launch(name, url) {
  const main = fileURLToPath(url);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) {
    await import(url);
    return;
  }
  const node = workspaceNode();
  if (node === undefined) {
    console.error(
      `${name} needs Node 22.18 or newer and this is ${process.version}: install a newer one, or run npm install first`,
    );
    process.exit(1);
  }
  // Signals from the terminal reach the child by themselves; this process only waits for it and ends the same way.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  const { status, signal } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(signal === null ? (status ?? 1) : 1);
}

/** The Node that the workspace brings along as the npm package `node`. */
function workspaceNode() {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
