/** More than any name a certificate authority would sign, less than HAProxy takes in one line. */
const longestEncoded = 4096;

/**
 * Writes a name as HAProxy's `url_enc` does: what is not a letter, a digit, or one of `-._~` becomes `%` and two digits per byte.
 *
 * Names are compared in this form only, so that none can be more than one word of one line, whatever is in it.
 * @throws {RangeError} for a name that is too long for any certificate
 */
export function encodeName(name: string): string {
  const bytes = [...new TextEncoder().encode(name)];
  const encoded = bytes.map(encodeByte).join('');
  if (encoded.length > longestEncoded)
    throw new RangeError(`a name of ${name.length} characters is longer than any in a certificate: shorten it`);
  return encoded;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9._~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Whether a name in an access list means an alternative name of a certificate, and not its common name. */
export function isAlternativeName(name: string): boolean {
  return /^(DNS|URI):/.test(name);
}
