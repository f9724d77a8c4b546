import { createHash, createHmac } from 'node:crypto';

/** Bytes a key of {@link secretHash} must have at least: what the hash itself gives. */
const minKeyBytes = 32;

/**
 * Sixteen hexadecimal digits that change exactly when the configuration does; the order of keys does not matter. As an
 * annotation of a pod template it rolls the pods when what they read at start has changed.
 *
 * Never for secrets: a short password is found from its hash by trying. For those there is {@link secretHash}.
 * @throws {TypeError} when the configuration holds something that JSON cannot carry, naming its path
 *
 * @example
 * ```ts
 * configHash({ b: 1, a: 2 }) === configHash({ a: 2, b: 1 }) // true
 * ```
 */
export function configHash(configuration: unknown): string {
  return createHash('sha256').update(canonical(configuration, '$')).digest('hex').slice(0, 16);
}

/**
 * Like {@link configHash}, for secrets: without the key, which only this installation has, nothing can be tried out.
 * @param key at least 32 random bytes, kept in a Secret of the installation; never derived from a name
 * @throws {RangeError} when the key is shorter
 */
export function secretHash(key: Uint8Array, secrets: Readonly<Record<string, string | Uint8Array>>): string {
  if (key.byteLength < minKeyBytes) {
    throw new RangeError(`key: ${key.byteLength} bytes are too few to keep secrets: give at least ${minKeyBytes}`);
  }
  const hmac = createHmac('sha256', key);
  for (const [name, content] of Object.entries(secrets).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    // Lengths before contents: otherwise bytes could move from a name to its content unseen.
    const bytes = Buffer.from(content);
    hmac.update(`${Buffer.byteLength(name)}:${bytes.length}:${name}`).update(bytes);
  }
  return hmac.digest('hex').slice(0, 16);
}

/** JSON with sorted keys and without what is null or undefined, as the server would store it. */
function canonical(value: unknown, path: string): string {
  if (Array.isArray(value)) return `[${value.map((item, index) => canonical(item, `${path}[${index}]`)).join(',')}]`;
  if (isPlain(value)) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field, `${path}.${key}`)}`).join(',')}}`;
  }
  const isScalar = value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (!isScalar) throw new TypeError(`${path}: only what JSON can carry has a hash: make it text or numbers first`);
  return JSON.stringify(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
