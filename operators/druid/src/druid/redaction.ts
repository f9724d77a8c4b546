/** Takes what must not be seen out of a text. */
export type Redaction = (text: string) => string;

const placeholder = '[redacted]';

/** Shorter pieces than this are too likely to be words. */
const shortestPiece = 4;

/**
 * Makes a redaction of these secrets: each is found whole, in its lines, in what it holds between double quotes (the passwords of a
 * JAAS configuration), and as JSON, URLs, basic authentication and HTML would write it. Spaces and line ends count as one space.
 */
export function redactionOf(secrets: readonly string[]): Redaction {
  const forms = new Set(secrets.flatMap((secret) => [secret, ...piecesOf(secret)]).flatMap(formsOf));
  forms.delete('');
  // The longest first: a piece of a secret would take away what the whole is known by.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((shown, form) => shown.replaceAll(form, placeholder), text);
}

function piecesOf(secret: string): readonly string[] {
  const quoted = [...secret.matchAll(/"([^"]*)"/g)].map(([, inside = '']) => inside);
  return [...secret.split(/[\r\n]+/), ...quoted].filter((piece) => piece.length >= shortestPiece);
}

function formsOf(piece: string): readonly string[] {
  const plain = [piece, piece.trim(), piece.trim().replace(/\s+/g, ' ')];
  return plain.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()),
    Buffer.from(text).toString('base64'),
  ]);
}
