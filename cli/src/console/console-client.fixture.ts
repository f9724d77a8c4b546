import type { Overview, Refusal, TreeNode } from './api.ts';
import { familyOf } from './trees.ts';

/** How a question to the console was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Asks a console as its page does. */
export class ConsoleClient {
  readonly #origin: string;
  readonly #bearer: string | undefined;

  /** @param url as printed; a key in its fragment is used unless there is a token */
  constructor(url: string, token?: string) {
    const { origin, hash } = new URL(url);
    this.#origin = origin;
    this.#bearer = token ?? (/^#key=(.+)$/.exec(hash)?.[1] || undefined);
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return await this.#ask(path, { headers });
  }

  async plan(manifest: string, contentType = 'text/yaml'): Promise<Answer> {
    return await this.#ask('/api/plan', { method: 'POST', body: manifest, headers: { 'content-type': contentType } });
  }

  async stream(query = ''): Promise<ConsoleStream> {
    return await ConsoleStream.open(`${this.#origin}/api/stream${query}`, this.#authorization());
  }

  async #ask(
    path: string,
    init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  ): Promise<Answer> {
    const response = await fetch(`${this.#origin}${path}`, {
      ...init,
      headers: { ...this.#authorization(), ...init.headers },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  #authorization(): Readonly<Record<string, string>> {
    return this.#bearer === undefined ? {} : { authorization: `Bearer ${this.#bearer}` };
  }
}

/** An open stream: what came so far. */
class ConsoleStream implements AsyncDisposable {
  readonly status: number;
  readonly overviews: Overview[] = [];
  refused: Refusal | undefined;
  /** Everything that came, as it came. */
  text = '';
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  readonly #stop: AbortController;

  private constructor(response: Response, stop: AbortController) {
    this.status = response.status;
    this.#stop = stop;
    this.ended = this.#read(response).catch(() => {});
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<ConsoleStream> {
    const stop = new AbortController();
    return new ConsoleStream(await fetch(url, { headers, signal: stop.signal }), stop);
  }

  get latest(): Overview {
    const latest = this.overviews.at(-1);
    if (latest === undefined) throw new Error('there is no overview yet');
    return latest;
  }

  /** Every object in the latest overview, as `Kind/name`. */
  get shown(): readonly TreeNode[] {
    return this.latest.resources.flatMap(familyOf);
  }

  /** An object in the latest overview. */
  node(kind: string, name: string): TreeNode {
    const found = this.shown.find(({ ref }) => ref.kind === kind && ref.name === name);
    if (found === undefined) throw new Error(`${kind}/${name} is not shown`);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  async #read(response: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true });
      this.text += text;
      const blocks = `${rest}${text}`.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined) return;
    // The contract of the stream: what each event holds.
    if (block.startsWith('event: overview\n')) this.overviews.push(JSON.parse(data) as Overview);
    if (block.startsWith('event: refused\n')) this.refused = JSON.parse(data) as Refusal;
  }
}
