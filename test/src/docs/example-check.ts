import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { type CodeExample, entryPoints } from './docstring-examples.ts';

/** Where names that no package exports come from. */
const furtherNames = 'test/src/docs/names-in-examples.ts';

/**
 * Type-checks examples as if each stood in a file of its own that imports what it names, besides what it imports itself. A
 * name is looked for in the file of the docstring, then in its package, then among the names that examples share, then in
 * the other packages.
 *
 * @returns one line per mistake, each with the place of its example
 */
export function mistakesIn(root: string, examples: readonly CodeExample[]): readonly string[] {
  const options = compilerOptions(root);
  const sources = examples.map(({ file }) => file).filter((file) => file.endsWith('.ts'));
  const exported = exportsOf(root, [...entryPoints, furtherNames, ...sources], options);
  const virtual = new Map(
    examples.map((example, index) => [
      join(root, `test/src/docs/example-${index}.ts`),
      { example, text: `${importsOf(example, exported)}\nexport {};\n${example.code}\n` },
    ]),
  );
  const program = ts.createProgram([...virtual.keys()], options, hostWith(options, virtual));
  return [...virtual].flatMap(([path, { example }]) => {
    const source = program.getSourceFile(path);
    return ts.getPreEmitDiagnostics(program, source).map((each) => `${placeOf(example, each)}: ${textOf(each)}`);
  });
}

type Exports = ReadonlyMap<string, ReadonlySet<string>>;

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const { incremental: _, tsBuildInfoFile: __, ...rest } = options;
  // An example shows one thing and leaves it unused; "owns: [...]" alone is a label to the compiler.
  const lenient = { noUnusedLocals: false, allowUnusedLabels: true, verbatimModuleSyntax: false };
  return { ...rest, ...lenient, isolatedModules: false, erasableSyntaxOnly: false };
}

/** The names that each file exports, types included. */
function exportsOf(root: string, files: readonly string[], options: ts.CompilerOptions): Exports {
  const paths = [...new Set(files)].map((file) => join(root, file));
  const program = ts.createProgram(paths, options);
  const checker = program.getTypeChecker();
  return new Map(
    paths.map((path) => {
      const source = program.getSourceFile(path);
      const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
      const names = symbol === undefined ? [] : checker.getExportsOfModule(symbol).map(({ name }) => name);
      return [relative(root, path), new Set(names)];
    }),
  );
}

function importsOf({ file, code }: CodeExample, exported: Exports): string {
  const own = `${dirname(file).split('/').slice(0, 3).join('/')}/index.ts`;
  const order = [file, own, furtherNames, ...entryPoints];
  const used = new Set(code.replaceAll(/'[^'\n]*'/g, '').match(/(?<!\w|(?<!\.\.)\.)[A-Za-z_]\w*/g));
  const made = namesMadeIn(code);
  const lines = [...used]
    .filter((name) => !made.has(name))
    .flatMap((name) => {
      const from = order.find((path) => exported.get(path)?.has(name));
      return from === undefined ? [] : [`import { ${name} } from '../../../${from}';`];
    });
  return lines.join(' ');
}

/** The names that an example declares or imports itself. */
function namesMadeIn(code: string): ReadonlySet<string | undefined> {
  const declared = code.matchAll(/^(?:export |await using |async )*(?:const|let|type|class|function) (\w+)/gm);
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(
    ([, names = '']) => names.match(/\w+/g) ?? [],
  );
  return new Set([...[...declared].map(([, name]) => name), ...imported]);
}

type Virtual = ReadonlyMap<string, { readonly text: string }>;

function hostWith(options: ts.CompilerOptions, virtual: Virtual): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  return {
    ...host,
    fileExists: (path) => virtual.has(path) || fileExists(path),
    readFile: (path) => virtual.get(path)?.text ?? readFile(path),
    getSourceFile: (path, target) => {
      const text = virtual.get(path)?.text ?? readFile(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, target);
    },
  };
}

/** Imports and the empty export take two lines of their own. */
function placeOf({ file, line }: CodeExample, { file: source, start = 0 }: ts.Diagnostic): string {
  const at = source === undefined ? 0 : ts.getLineAndCharacterOfPosition(source, start).line;
  return `${file}:${line + at - 2}`;
}

function textOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, ' ');
}
