import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { compiledPath } from './publish-manifest.ts';
import type { SourcePackage } from './source-package.ts';

/** What was compiled: texts by their path in the package, such as `dist/index.js` and `dist/index.d.ts`. */
export type Compiled = ReadonlyMap<string, string>;

/**
 * Compiles packages to JavaScript and declarations, file by file, in memory. Only what their exports lead to is compiled, so
 * no test and no fixture ships. Types are not checked: that is a check of its own.
 *
 * @returns what was compiled, by the name of the package
 * @throws {Error} for a type that the declaration of an export cannot name, and for an import that leaves the packages
 */
export function compilePackages(root: string, packages: readonly SourcePackage[]): ReadonlyMap<string, Compiled> {
  const options = compilerOptions(root);
  const program = ts.createProgram(packages.flatMap(entriesOf), options);
  const compiled = new Map(packages.map(({ manifest }) => [manifest.name, new Map<string, string>()]));
  const write = (path: string, text: string): void => {
    const place = placeOf(relative(options.outDir, path), root, packages);
    if (place !== 'published otherwise') compiled.get(place.name)?.set(place.file, text);
  };
  const { diagnostics } = program.emit(undefined, write, undefined, false, { afterDeclarations: [withJsEndings] });
  const [first] = diagnostics;
  if (first !== undefined) throw new Error(`the packages cannot be compiled: ${textOf(root, first)}`);
  for (const each of packages) referToNode(each, compiled.get(each.manifest.name));
  return compiled;
}

function compilerOptions(root: string): ts.CompilerOptions & { readonly outDir: string } {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const { incremental: _, tsBuildInfoFile: __, ...rest } = options;
  return {
    ...rest,
    noEmit: false,
    noCheck: true,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    newLine: ts.NewLineKind.LineFeed,
    rootDir: root,
    // Nothing is written there: it only tells compiled files from sources.
    outDir: join(root, 'dist'),
  };
}

function entriesOf({ directory, manifest }: SourcePackage): readonly string[] {
  return Object.values(manifest.exports).map((path) => join(directory, path));
}

/** `packages/kube/src/watch/reflector.js` is `dist/watch/reflector.js` of the package in `packages/kube`. */
function placeOf(
  path: string,
  root: string,
  packages: readonly SourcePackage[],
): { readonly name: string; readonly file: string } | 'published otherwise' {
  for (const { directory, manifest } of packages) {
    const own = relative(root, directory);
    const sources = `${own}${sep}src${sep}`;
    if (path.startsWith(sources))
      return { name: manifest.name, file: `dist/${path.slice(sources.length).split(sep).join('/')}` };
    // A package that reads its own package.json finds the published one in the same place.
    if (path === join(own, 'package.json')) return 'published otherwise';
  }
  throw new Error(`${path} is imported by a package, but is part of none: what ships may import packages only`);
}

/** The compiler puts `.js` for `.ts` into JavaScript only; importers would look for sources that do not ship. */
const withJsEndings: ts.TransformerFactory<ts.SourceFile | ts.Bundle> = (context) => {
  const specifier = (node: ts.Node): ts.Node =>
    ts.isStringLiteral(node) && /^\.{1,2}\/.*\.ts$/.test(node.text)
      ? context.factory.createStringLiteral(node.text.replace(/\.ts$/, '.js'), true)
      : node;
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
      return ts.visitEachChild(node, specifier, context);
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isImportTypeNode(visited)) return visited;
    const argument = ts.visitEachChild(visited.argument, specifier, context);
    const { attributes, qualifier, typeArguments, isTypeOf } = visited;
    return context.factory.updateImportTypeNode(visited, argument, attributes, qualifier, typeArguments, isTypeOf);
  };
  return (file) => ts.visitEachChild(file, visit, context);
};

/** Compilers look at no `@types` unasked any more, and the declarations use Node's. */
function referToNode({ manifest }: SourcePackage, files: Map<string, string> | undefined): void {
  for (const path of Object.values(manifest.exports)) {
    const declaration = compiledPath(path).replace(/^\.\/(.+)\.js$/, '$1.d.ts');
    files?.set(declaration, `/// <reference types="node" />\n${files.get(declaration) ?? ''}`);
  }
}

function textOf(root: string, { file, messageText }: ts.Diagnostic): string {
  const where = file === undefined ? '' : `${relative(root, file.fileName)}: `;
  return `${where}${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
