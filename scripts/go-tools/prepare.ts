/** `node scripts/go-tools/prepare.ts`: builds every tool that tests and the release need, so that no test waits for a compiler. */
import { type GoToolName, goTool, goToolNames } from './go-tool.ts';

for (const name of goToolNames) process.exitCode = (await isPrepared(name)) ? (process.exitCode ?? 0) : 1;

async function isPrepared(name: GoToolName): Promise<boolean> {
  const started = performance.now();
  try {
    await goTool(name);
    console.log(`${name} is ready (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return false;
  }
}
