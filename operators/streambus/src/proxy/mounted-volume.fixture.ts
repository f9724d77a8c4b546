import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A directory that is filled as the kubelet fills a volume: one link is swapped, and with it all files at once. */
export class MountedVolume {
  readonly directory: string;
  #current: string | undefined;
  #count = 0;

  constructor(directory: string, files: Readonly<Record<string, string>> = {}) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    this.replace(files);
  }

  replace(files: Readonly<Record<string, string>>): void {
    const state = join(this.directory, `..state_${this.#count++}`);
    mkdirSync(state);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(state, name), text);
    const next = join(this.directory, '..data_tmp');
    symlinkSync(basename(state), next);
    renameSync(next, join(this.directory, '..data'));
    for (const name of Object.keys(files)) this.#show(name);
    if (this.#current !== undefined) rmSync(this.#current, { recursive: true });
    this.#current = state;
  }

  #show(name: string): void {
    const shown = join(this.directory, name);
    rmSync(shown, { force: true });
    symlinkSync(join('..data', name), shown);
  }
}
