import type { SourceManifest } from './source-package.ts';

/** Where importers find one entry of a package. Compilers take the first condition they know, so types come first. */
interface PublishedEntry {
  readonly types: string;
  readonly default: string;
}

/** The package.json that is published. */
export interface PublishManifest extends Omit<SourceManifest, 'exports' | 'private'> {
  readonly type: 'module';
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, PublishedEntry | string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

/**
 * The package.json to publish for a package: its exports lead to what was compiled, and neither scripts nor what only
 * development needs is in it. Packages of ours fit each other by their exact version, since they are released together; of
 * others any version counts that is compatible with the one the tests ran with, so that an importer gets their mended bugs.
 *
 * @param ours names of all packages that are released together
 */
export function publishManifest(source: SourceManifest, ours: ReadonlySet<string>): PublishManifest {
  const { name, version, description, keywords, license, engines, sideEffects, files = [], dependencies = {} } = source;
  const ranges = Object.entries(dependencies).map(([each, at]) => [each, ours.has(each) ? at : `^${at}`]);
  return {
    name,
    version,
    description,
    ...(keywords !== undefined && { keywords }),
    license,
    type: 'module',
    engines,
    ...(sideEffects !== undefined && { sideEffects }),
    files: ['dist', ...files],
    exports: {
      ...Object.fromEntries(Object.entries(source.exports).map(([entry, path]) => [entry, publishedEntry(path)])),
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(ranges),
    // Declarations speak of Node's types. Who writes JavaScript does without.
    peerDependencies: { '@types/node': '>=22' },
    peerDependenciesMeta: { '@types/node': { optional: true } },
  };
}

/** What npm names a package's tarball: that of `@capstan/kube` at 0.2.0 is `capstan-kube-0.2.0.tgz`. */
export function tarballName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}.tgz`;
}

/** Where a source file is found once it is compiled: `./src/index.ts` becomes `./dist/index.js`. */
export function compiledPath(source: string): string {
  const stem = /^(?:\.\/)?src\/(?<stem>.+)\.ts$/.exec(source)?.groups?.['stem'];
  if (stem === undefined) throw new Error(`${source} is no TypeScript file under src/, so nothing is compiled from it`);
  return `./dist/${stem}.js`;
}

function publishedEntry(source: string): PublishedEntry {
  const path = compiledPath(source);
  return { types: path.replace(/\.js$/, '.d.ts'), default: path };
}
