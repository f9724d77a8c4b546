import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Controller } from '@capstan/runtime';
import { UserError } from './failure.ts';

/** The operators that come with Capstan: each is loaded only by the commands that need one. A new one is one line here. */
const shipped: readonly (() => Promise<object>)[] = [
  () => import('@capstan/streambus-operator'),
  () => import('@capstan/druid-operator'),
  () => import('@capstan/prism-operator'),
];

/**
 * The controllers of the modules named, then those of the operators that come along.
 *
 * @param modules paths, or names of packages, of modules that export controllers
 * @throws {UserError} when a module cannot be loaded or exports no controller
 */
export async function loadControllers(modules: readonly string[]): Promise<readonly Controller[]> {
  const [own, builtIn] = await Promise.all([
    Promise.all(modules.map(loadModule)),
    Promise.all(shipped.map((load) => load().then(controllersIn))),
  ]);
  return [...own.flat(), ...builtIn.flat()];
}

async function loadModule(name: string): Promise<readonly Controller[]> {
  let loaded: object;
  try {
    loaded = await import(addressOf(name));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`--operator ${name} cannot be loaded: ${why}`);
  }
  const controllers = controllersIn(loaded);
  if (controllers.length > 0) return controllers;
  throw new UserError(
    `--operator ${name} exports no controller: export what controller() of @capstan/runtime gives, alone or in a list` +
      functionsIn(loaded),
  );
}

/** Most often a function stands there that would make one, if it were called. */
function functionsIn(module: object): string {
  const names = Object.entries(module).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  if (names.length === 0) return '';
  return `. Functions are not called: if ${names[0]}() makes one, add "export const controllers = [${names[0]}()];"`;
}

function addressOf(name: string): string {
  const path = resolve(name);
  if (existsSync(path)) return pathToFileURL(path).href;
  return pathToFileURL(createRequire(resolve('package.json')).resolve(name)).href;
}

/** Every controller that a module exports, itself or in a list. */
function controllersIn(module: object): readonly Controller[] {
  return Object.values(module).flat().filter(isController);
}

/** A controller is data of this shape; `controller()` of the runtime makes it. */
function isController(value: unknown): value is Controller {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'name' in value && 'kind' in value && 'owns' in value && 'runner' in value && typeof value.runner === 'function'
  );
}
