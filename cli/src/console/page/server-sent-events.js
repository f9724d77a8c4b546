// @ts-check

/**
 * One event of a stream: its name and its data.
 * @typedef {{ readonly event: string, readonly data: string }} ServerSentEvent
 */

/**
 * Reads server-sent events out of chunks of text, wherever the chunks are cut. Comments, which servers send to keep a line open,
 * give nothing. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @returns {(chunk: string) => readonly ServerSentEvent[]}
 */
export function eventReader() {
  let rest = '';
  let event = '';
  /** @type {string[]} */
  let data = [];
  /** @param {string} line */
  const readField = (line) => {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  };
  const take = () => {
    const whole = data.length === 0 ? [] : [{ event: event || 'message', data: data.join('\n') }];
    event = '';
    data = [];
    return whole;
  };
  return (chunk) => {
    const text = rest + chunk;
    // A carriage return at the end may be half of a line's end.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      if (line === '') return take();
      readField(line);
      return [];
    });
  };
}
