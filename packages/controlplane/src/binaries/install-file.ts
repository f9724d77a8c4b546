import { chmod, open, rename } from 'node:fs/promises';

/** Makes a finished file executable and puts it in its place at once: nobody ever sees half a program, power cut included. */
export async function installFile(finished: string, destination: string): Promise<void> {
  await chmod(finished, 0o755);
  const file = await open(finished, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(finished, destination);
}
