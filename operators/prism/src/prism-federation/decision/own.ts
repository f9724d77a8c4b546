/** The entry of that name; none for what every object has, such as `constructor`, which is a name that a cluster may have. */
export function own<T>(entries: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}
