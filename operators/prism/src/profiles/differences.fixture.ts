/** Leaves by path: `spec.ports[grpc].port`; items of a list by their names, where they have any. */
function leavesOf(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  if (Array.isArray(value)) {
    const named = value.map((item, index) => [`${path}[${item?.name ?? index}]`, item] as const);
    return new Map(named.flatMap(([at, item]) => [...leavesOf(item, at)]));
  }
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, at(key))]));
}

export type Differences = Readonly<Record<string, readonly unknown[]>>;

/** Every leaf in which two values differ: path to `[before, after]`. */
export function differences(before: unknown, after: unknown): Differences {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
  return Object.fromEntries(paths.map((path) => [path, [was.get(path), is.get(path)]]));
}

/** Every leaf below `path` that the former has nothing of. */
export function added(path: string, value: unknown): Differences {
  return Object.fromEntries([...leavesOf(value, path)].map(([at, leaf]) => [at, [undefined, leaf]]));
}

/** Every leaf below `path` that the latter has nothing of. */
export function removed(path: string, value: unknown): Differences {
  return Object.fromEntries([...leavesOf(value, path)].map(([at, leaf]) => [at, [leaf, undefined]]));
}
