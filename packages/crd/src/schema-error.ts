/** A schema that the API server would refuse, or that cannot be evaluated here. Thrown while the kind is defined. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  /** The field whose schema is wrong, such as `spec.listeners[].port`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path === '' ? 'the resource' : path}: ${problem}`);
    this.path = path;
  }
}
