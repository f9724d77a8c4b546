/** The time and what follows it at the end of a version of ours. */
const timeAtEnd = / ?\d{4}-\d{2}-\d{2}T[\d:.]+Z\.*$/;

/**
 * A version for a lookup that sorts after the one Druid has, as text, which Druid wants; and not before the time, so that it
 * tells when it was set.
 *
 * @param current the version that Druid has; `undefined`: none
 * @param now RFC 3339
 */
export function laterVersion(current: string | undefined, now: string): string {
  if (current === undefined || now > current) return now;
  const later = `${current.replace(timeAtEnd, '')} ${now}`;
  return later > current ? later : `${current}.`;
}
