import { writeFileSync } from 'node:fs';

/**
 * Leaves a sentence for the container's last state. The kubelet has made the file, and takes at most 4096 bytes of it.
 *
 * The exit code is to be 0 with it: a container that failed is a trouble of its pod, and a roll-out replaces brokers whose pods are in
 * trouble, while this one serves. Where there is no such file nothing is left: the log says the same.
 */
export function leaveTerminationMessage(file: string, text: string): void {
  try {
    // Only what is there is written to.
    writeFileSync(file, text.slice(0, 2000), { flag: 'r+' });
  } catch {
    // See above.
  }
}
