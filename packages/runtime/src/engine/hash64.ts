import { hash } from 'node:crypto';

/** 64 bits of a hash as 16 hexadecimal digits. */
export type Hash64 = string & { readonly brand: 'Hash64' };

/** The first 64 bits of the SHA-256 of a text: enough to tell versions of one object apart, no protection of secrets. */
export function hash64(text: string): Hash64 {
  // Written out from the bytes: a slice of a longer text would keep that text alive.
  return hash('sha256', text, 'buffer').toString('hex', 0, 8) as Hash64; // the one place where the brand is given
}

/** Whether a text, such as an annotation somebody may have edited, has the form of a hash. */
export function isHash64(text: string | undefined): text is Hash64 {
  return text !== undefined && /^[0-9a-f]{16}$/.test(text);
}
