const block = /-----BEGIN ([A-Z0-9 ]+)-----[\sA-Za-z0-9+/=]+-----END \1-----/g;

/** The blocks of a PEM text that carry this label, without what stands between them and without blank lines. */
export function pemBlocks(text: string, label: RegExp): readonly string[] {
  return [...text.matchAll(block)]
    .filter(([, found = '']) => label.test(found))
    .map(([whole]) => whole.replace(/[\r\n]+[\r\n\s]*/g, '\n'));
}
