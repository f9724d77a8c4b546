import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from './control-plane-error.ts';

/*
 * The host-path provisioner of kube-controller-manager puts every volume into /tmp/hostpath_pv/<uuid>; the place is
 * fixed in its source (pkg/volume/hostpath/host_path.go). Several instances share it, so the volumes of one are found by
 * the names its own etcd files hold, which also works after a crash.
 */
const VOLUME_ROOT = '/tmp/hostpath_pv';
const VOLUME_PATH = /\/tmp\/hostpath_pv\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;

/** The ids of the host-path volumes named anywhere in these bytes, each once, sorted. */
export function volumeIdsIn(bytes: string): string[] {
  return [...new Set([...bytes.matchAll(VOLUME_PATH)].flatMap((match) => match[1] ?? []))].sort();
}

/** Removes the host-path volumes that the etcd data in `etcdData` ever knew. Nothing happens where there is no data. */
export async function removeHostPathVolumes(etcdData: string): Promise<void> {
  for (const file of await filesBelow(etcdData)) {
    // latin1 keeps every byte one character, so the names are found wherever they lie in the binary files.
    for (const id of volumeIdsIn(await readFile(file, 'latin1'))) {
      await rm(join(VOLUME_ROOT, id), { recursive: true, force: true });
    }
  }
}

async function filesBelow(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
