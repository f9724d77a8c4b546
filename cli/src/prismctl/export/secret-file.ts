import { writeFile } from 'node:fs/promises';
import { UserError } from '../../failure.ts';
import { secretsYaml } from './export-text.ts';
import type { SecretDraft } from './secret-draft.ts';

/**
 * Writes the Secrets with a known login into a new file that only its owner may read; no file where there are none.
 * @throws {UserError} when there is such a file already, or it cannot be written
 */
export async function writeSecretFile(path: string, secrets: readonly SecretDraft[]): Promise<void> {
  const content = secretsYaml(secrets);
  if (content === '') return;
  await writeFile(path, content, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'EEXIST'
        ? `${path} exists, and is never overwritten: name another file with --secret-file`
        : `${path} cannot be written (${error.code ?? error.message})`,
    );
  });
}
