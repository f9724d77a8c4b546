import { KubeConfigError } from './kubeconfig-error.ts';

/** Reads typed fields out of one map of a parsed kubeconfig; `null` and `''` count as absent, as they do for kubectl. */
export class Fields {
  readonly file: string;
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(file: string, path: string, values: Readonly<Record<string, unknown>>) {
    this.file = file;
    this.path = path;
    this.#values = values;
  }

  /** Takes any parsed value as a map; absent counts as an empty one. */
  static of(file: string, path: string, value: unknown): Fields {
    if (value === undefined || value === null) return new Fields(file, path, {});
    if (!isMap(value)) throw wrongType(file, path, 'a map', value);
    return new Fields(file, path, value);
  }

  string(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw wrongType(this.file, this.at(name), 'a string (put it in quotes)', value);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.#values[name];
    if (value === undefined || value === null) return false;
    if (typeof value !== 'boolean') throw wrongType(this.file, this.at(name), 'true or false', value);
    return value;
  }

  strings(name: string): readonly string[] {
    return this.#list(name).map((item, index) => {
      if (typeof item !== 'string')
        throw wrongType(this.file, `${this.at(name)}[${index}]`, 'a string (put it in quotes)', item);
      return item;
    });
  }

  /** The maps of a list, each with the path it is at. */
  maps(name: string): readonly Fields[] {
    return this.#list(name).map((item, index) => Fields.of(this.file, `${this.at(name)}[${index}]`, item));
  }

  /** One nested map; empty when absent. */
  map(name: string, path = this.at(name)): Fields {
    return Fields.of(this.file, path, this.#values[name]);
  }

  has(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null;
  }

  /** A value of any shape, untouched. */
  any(name: string): unknown {
    return this.#values[name];
  }

  keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  fail(name: string | undefined, problem: string): KubeConfigError {
    return new KubeConfigError({ file: this.file, field: name === undefined ? this.path : this.at(name), problem });
  }

  #list(name: string): readonly unknown[] {
    const value = this.#values[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw wrongType(this.file, this.at(name), 'a list', value);
    return value;
  }
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(file: string, field: string, wanted: string, value: unknown): KubeConfigError {
  const found = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`;
  return new KubeConfigError({ file, field, problem: `must be ${wanted}, not ${found}` });
}
