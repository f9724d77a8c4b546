import { formatDuration } from '../../terminal/duration.ts';

/** How long ago something was, in whole seconds or more; empty where it is not known. */
export function ageText(at: string | null, now: number): string {
  return at === null ? '' : formatDuration(Math.max(1_000, now - Date.parse(at)));
}
