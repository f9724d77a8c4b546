import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { KubeObject } from '@capstan/kube';
import { parseAllDocuments } from 'yaml';
import { UserError } from '../failure.ts';

/** One object of a file, and where it stands. */
export interface SourceDocument {
  /** `cluster.yaml`, or `cluster.yaml, document 2` where there are several. */
  readonly source: string;
  readonly object: KubeObject;
}

/**
 * Reads every object of files, of the `.yaml`, `.yml` and `.json` files of directories, and of standard input (`-`).
 * @throws {UserError} naming file and document, when one cannot be read or is no Kubernetes object
 */
export async function readDocuments(paths: readonly string[]): Promise<readonly SourceDocument[]> {
  const files = await Promise.all(paths.map(filesAt));
  const documents = await Promise.all(files.flat().map(async ({ name, read }) => documentsIn(name, await read())));
  return documents.flat();
}

interface SourceFile {
  readonly name: string;
  readonly read: () => Promise<string>;
}

async function filesAt(path: string): Promise<readonly SourceFile[]> {
  if (path === '-') return [{ name: 'standard input', read: () => text(process.stdin) }];
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UserError(`there is no file or directory ${path}`);
  if (!found.isDirectory()) return [{ name: path, read: () => readFile(path, 'utf8') }];
  const names = (await readdir(path)).filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  if (names.length === 0) throw new UserError(`there is no .yaml, .yml or .json file in ${path}`);
  return names.map((name) => ({ name: join(path, name), read: () => readFile(join(path, name), 'utf8') }));
}

/** Every object in the text of one file. Lists (`kind: List`) are taken apart. */
export function documentsIn(file: string, content: string): readonly SourceDocument[] {
  const documents = parseAllDocuments(content);
  return documents.flatMap((document, index) => {
    const source = documents.length > 1 ? `${file}, document ${index + 1}` : file;
    const [error] = document.errors;
    if (error !== undefined) throw new UserError(`${source} is no YAML: ${error.message}`);
    const value: unknown = document.toJS();
    return value === null ? [] : objectsIn(value).map((object) => ({ source, object: asObject(object, source) }));
  });
}

function objectsIn(value: unknown): readonly unknown[] {
  const isList = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'List';
  return isList && 'items' in value && Array.isArray(value.items) ? value.items : [value];
}

function asObject(value: unknown, source: string): KubeObject {
  const missing = ['apiVersion', 'kind', 'metadata'].find((field) => !hasField(value, field));
  if (missing !== undefined) throw new UserError(`${source} is no Kubernetes object: ${missing} is missing`);
  const { metadata } = value as KubeObject; // has these fields, checked above
  if (hasField(metadata, 'name') && typeof metadata.name === 'string') return value as KubeObject; // and a name
  throw new UserError(`${source}: metadata.name is missing; a plan is about an object with a name`);
}

function hasField(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field);
}
