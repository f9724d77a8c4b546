import type { Platform } from '../platform.ts';
import type { Step } from '../progress.ts';
import type { Program } from './programs.ts';

export async function isDownloadReachable(_platform: Platform, _env: NodeJS.ProcessEnv): Promise<boolean> {
  return false;
}
export function downloadSteps(_order: {
  version: string;
  platform: Platform;
  missing: ReadonlySet<Program>;
  destination: string;
  workDir: string;
  signal?: AbortSignal | undefined;
}): Step[] {
  return [];
}
