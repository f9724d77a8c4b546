import type { RuntimeSocket } from './runtime-socket.ts';

/** A socket that answers as HAProxy does when all goes well, unless told otherwise, and keeps what it was asked. */
export class ScriptedSocket implements RuntimeSocket {
  readonly asked: string[] = [];
  readonly #answer: (commands: string) => string | undefined;

  constructor(answer: (commands: string) => string | undefined = () => undefined) {
    this.#answer = answer;
  }

  async ask(commands: string): Promise<string> {
    this.asked.push(commands);
    return this.#answer(commands) ?? usualAnswer(commands);
  }
}

function usualAnswer(commands: string): string {
  if (commands.startsWith('prepare')) return '\nNew version created: 7\n\n';
  if (commands.startsWith('set ssl')) return '\nTransaction created for certificate /tls/tls.pem!\n\n';
  if (commands.startsWith('commit ssl')) return `\nCommitting ${commands.split(' ').at(-1)}.\nSuccess!\n\n`;
  if (commands === 'show info') return 'Name: HAProxy\nPid: 8\n';
  return '\n';
}
