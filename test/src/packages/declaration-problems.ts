import { join } from 'node:path';
import ts from 'typescript';

/** How importers have their modules resolved: by Node, or by what bundles them. */
export type Resolution = 'nodenext' | 'bundler';

/**
 * What a strict compiler finds wrong with files of a project, and with the declarations of our packages that they lead to. Libraries
 * of others are not checked: their mistakes are not ours, and it takes a minute.
 *
 * @param files texts by their path in the project
 */
export function declarationProblems(
  project: string,
  files: Readonly<Record<string, string>>,
  resolution: Resolution,
): readonly string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: resolution === 'nodenext' ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
    moduleResolution: resolution === 'nodenext' ? ts.ModuleResolutionKind.NodeNext : ts.ModuleResolutionKind.Bundler,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(Object.entries(files).map(([path, text]) => [join(project, path), text]));
  const program = ts.createProgram([...texts.keys()], options, {
    ...host,
    getCurrentDirectory: () => project,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, target) => {
      const text = texts.get(path);
      return text === undefined ? host.getSourceFile(path, target) : ts.createSourceFile(path, text, target);
    },
  });
  const checked = program
    .getSourceFiles()
    .filter(({ fileName }) => texts.has(fileName) || fileName.includes('/node_modules/@capstan/'));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ].map(textOf);
}

function textOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? '' : `${file.fileName}:${ts.getLineAndCharacterOfPosition(file, start).line + 1}: `;
  return `${line}${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
