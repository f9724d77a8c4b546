/** What an encoded name, a special key or a number is made of; nothing in it means anything to HAProxy's command line. */
const word = '[A-Za-z0-9._~%|!*-]+';
const listLine = new RegExp(`^${word}$`);
const mapLine = new RegExp(`^${word} \\d+$`);

/** Whether a file of this name holds entries that HAProxy looks names up in. */
export function isAccessFile(name: string): boolean {
  return isMap(name) || name.endsWith('.lst');
}

/** Whether its entries have values. */
export function isMap(name: string): boolean {
  return name.endsWith('.map');
}

/** The entries of a list or map, or undefined where a line is none: then nobody knows what the file was meant to say. */
export function accessEntries(name: string, text: string): readonly string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const isEntry = isMap(name) ? mapLine : listLine;
  return lines.every((line) => isEntry.test(line)) ? lines : undefined;
}
