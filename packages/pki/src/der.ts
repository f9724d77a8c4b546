import { Buffer } from 'node:buffer';

/** The few tags of X.690 that a certificate is made of. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One DER element with any tag: tag, length, content (X.690 section 8.1). */
function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = bigEndian(BigInt(length));
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function bigEndian(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** SEQUENCE of elements, in the order given. */
export function sequence(...items: readonly Uint8Array[]): Buffer {
  return element(TAG.sequence, ...items);
}

/** SET of elements, sorted by their bytes as DER demands. */
export function set(...items: readonly Uint8Array[]): Buffer {
  return element(TAG.set, ...[...items].sort(Buffer.compare));
}

/** A non-negative INTEGER, with the leading zero that keeps it from reading as negative. */
export function integer(value: bigint): Buffer {
  const bytes = bigEndian(value);
  const first = bytes[0] ?? 0;
  return element(TAG.integer, ...(first >= 0x80 ? [Buffer.from([0])] : []), bytes);
}

/** BOOLEAN TRUE. DER leaves out fields that have their default, so FALSE is never written. */
export function booleanTrue(): Buffer {
  return element(TAG.boolean, Buffer.from([0xff]));
}

/** OBJECT IDENTIFIER from its dotted form, such as `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

/** UTF8String. */
export function utf8String(text: string): Buffer {
  return element(TAG.utf8String, Buffer.from(text, 'utf8'));
}

/** OCTET STRING. */
export function octetString(bytes: Uint8Array): Buffer {
  return element(TAG.octetString, bytes);
}

/** BIT STRING; `unusedBits` (0 to 7) counts the bits at the end of the last byte that mean nothing. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(TAG.bitString, Buffer.from([unusedBits]), bytes);
}

/** GeneralizedTime in UTC with whole seconds; valid in certificates for any year (RFC 5280 4.1.2.5 asks for it from 2050 on). */
function generalizedTime(time: Date): Buffer {
  const text = `${time.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return element(TAG.generalizedTime, Buffer.from(text, 'ascii'));
}

/** UTCTime for years up to 2049, GeneralizedTime after, as RFC 5280 4.1.2.5 prescribes. */
export function certificateTime(time: Date): Buffer {
  if (time.getUTCFullYear() >= 2050) return generalizedTime(time);
  const text = `${time.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
  return element(0x17, Buffer.from(text, 'ascii'));
}

/** A context-specific element `[number]`; `constructed` unless it replaces a primitive type (IMPLICIT). */
export function contextTag(number: number, content: Uint8Array, constructed = true): Buffer {
  return element((constructed ? 0xa0 : 0x80) | number, content);
}
