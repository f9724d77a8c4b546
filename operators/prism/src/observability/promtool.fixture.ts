import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether Prometheus' own tool is there to read rules; what needs it is skipped otherwise, and that is to be said. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/**
 * What promtool finds wrong with a file; empty when it is fine.
 * @param files what is in each, by name; JSON is YAML. Those that a file names are found beside it.
 */
export function complaintsOf(
  command: 'check' | 'test',
  file: string,
  files: Readonly<Record<string, unknown>>,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'capstan-promtool-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), JSON.stringify(content));
    const options = { cwd: directory, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync('promtool', [command, 'rules', file], options);
    return status === 0 && stderr === '' ? '' : `status ${status}\n${stdout}${stderr}`;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
