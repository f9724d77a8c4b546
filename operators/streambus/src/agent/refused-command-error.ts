/** HAProxy did not carry out a command. The message has the command without what was sent with it. */
export class RefusedCommandError extends Error {
  readonly command: string;

  constructor(command: string, reply: string) {
    super(`HAProxy refused "${command}": ${oneLine(reply)}`);
    this.name = 'RefusedCommandError';
    this.command = command;
  }
}

/** The start of the first line, and nothing in it that could be a part of a key. */
function oneLine(reply: string): string {
  const [line = ''] = reply.trim().split('\n');
  return line === '' ? 'no reason given' : line.replace(/[A-Za-z0-9+/=]{40,}/g, '...').slice(0, 200);
}
