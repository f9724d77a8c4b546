import type { Draft, Secret } from '@capstan/kube';
import { child } from './child.ts';
import { fileProblems } from './files.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

export interface SecretOptions {
  /** `Opaque` unless told; it cannot be changed later. */
  readonly type?: string;
  readonly stringData?: Readonly<Record<string, string>>;
  /** Bytes as they are, not base64: encoding is done here, once. */
  readonly data?: Readonly<Record<string, Uint8Array>>;
  readonly immutable?: boolean;
}

/**
 * A Secret. Text is sent as `data` too: the server never shows `stringData` again, so a body that has it would never
 * equal what is there.
 * @throws {InvalidChildError} for file names and sizes that the server refuses; never with a value in it
 *
 * @example
 * ```ts
 * secret({ name: 'orders-login' }, { stringData: { password } })
 * ```
 */
export function secret(metadata: ChildMetadata, options: SecretOptions): Draft<Secret> {
  const { type, stringData = {}, data = {}, immutable } = options;
  const problems = [...fileProblems({ stringData, data })];
  if (problems.length > 0) throw new InvalidChildError(`Secret/${metadata.name}`, problems);
  const draft: Draft<Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: type ?? 'Opaque',
    data: Object.fromEntries(
      Object.entries({ ...stringData, ...data })
        .filter(([, content]) => content !== null && content !== undefined)
        .map(([name, content]) => [name, Buffer.from(content).toString('base64')]),
    ),
    ...(immutable !== undefined && { immutable }),
  };
  return child<Secret>(draft, dnsSubdomain);
}
