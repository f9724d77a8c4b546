import { setTimeout as sleep } from 'node:timers/promises';
import type { Overview, Session, TreeNode } from './api.ts';
import { Refused } from './refused.ts';
import { sampleDetail, sampleOverview, samplePlan, sampleRefusedPlan, sampleSession } from './sample-data.fixture.ts';
import { readPage } from './serve-page.ts';
import { ConsoleServer } from './server.ts';
import type { Caller, Door, ObjectAddress, Visitor } from './visitor.ts';

export interface FixtureOptions {
  /** 0 unless told: a free one. */
  readonly port?: number;
  readonly overview?: Overview;
  readonly session?: Partial<Session>;
}

/** What lets in, as a key and as a token. */
export const fixtureToken = 'fixture-token';

/**
 * The real server over made-up data, for the page alone: what it shows can be changed while it runs.
 *
 * @example
 * ```ts
 * await using fixture = await FixtureConsole.start({ session: { mode: 'token' } });
 * fixture.show({ ...sampleOverview, resources: [] });
 * ```
 */
export class FixtureConsole implements AsyncDisposable {
  readonly #server: ConsoleServer;
  readonly #door: FixtureDoor;

  private constructor(server: ConsoleServer, door: FixtureDoor) {
    this.#server = server;
    this.#door = door;
  }

  /** Starts with {@link sampleOverview} unless told. Each start reads the page anew. */
  static async start({
    port = 0,
    overview = sampleOverview,
    session = {},
  }: FixtureOptions = {}): Promise<FixtureConsole> {
    const door = new FixtureDoor(overview, { ...sampleSession, ...session });
    const page = await readPage();
    const onDefect = (error: unknown) => console.error(error);
    return new FixtureConsole(await ConsoleServer.start({ door, page, bind: '127.0.0.1', port, onDefect }), door);
  }

  /** `http://127.0.0.1:41234`. */
  get origin(): string {
    return this.#server.url;
  }

  /** Where a browser goes: in kubeconfig mode with the key. */
  get url(): string {
    return this.#door.login === 'key' ? `${this.origin}/#key=${fixtureToken}` : `${this.origin}/`;
  }

  /** Sends an overview to every open stream. */
  show(overview: Overview): void {
    this.#door.overview = overview;
  }

  /** Ends every open stream as if the token had expired. */
  expire(): void {
    this.#door.isExpired = true;
  }

  /** Ends every stream and connection, as a console that was stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

class FixtureDoor implements Door, Visitor {
  readonly login: 'key' | 'token';
  readonly #session: Session;
  #changed = Promise.withResolvers<void>();
  #overview: Overview;
  #isExpired = false;

  constructor(overview: Overview, session: Session) {
    this.#overview = overview;
    this.#session = session;
    this.login = session.mode === 'token' ? 'token' : 'key';
  }

  set overview(overview: Overview) {
    this.#overview = overview;
    this.#tell();
  }

  set isExpired(isExpired: boolean) {
    this.#isExpired = isExpired;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async admit({ bearer }: Caller): Promise<Visitor> {
    if (bearer === fixtureToken && !this.#isExpired) return this;
    throw new Refused(401, 'who are you?');
  }

  async session(): Promise<Session> {
    return this.#session;
  }

  async *overviews(signal: AbortSignal): AsyncIterable<Overview> {
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      if (this.#isExpired) throw new Refused(401, 'the API server takes this token no more: it has expired');
      const changed = this.#changed.promise;
      yield this.#overview;
      await Promise.race([changed, ended]);
    }
  }

  async detail(address: ObjectAddress) {
    const found = this.#overview.resources.flatMap(family).find(({ ref }) => isAt(ref, address));
    if (found === undefined) throw new Refused(404, `there is no ${address.plural} ${address.name}`);
    return sampleDetail(found);
  }

  /** Refuses what asks for an even number of replicas. */
  async plan(manifest: string) {
    await sleep(50);
    if (!manifest.includes('kind:')) throw new Refused(400, 'line 1, column 1: there is no kind');
    return /replicas: \d*[02468]\b/.test(manifest) ? sampleRefusedPlan : samplePlan;
  }
}

function family(node: TreeNode): readonly TreeNode[] {
  return [node, ...node.children.flatMap(family)];
}

function isAt(ref: TreeNode['ref'], { group, plural, namespace, name }: ObjectAddress): boolean {
  return ref.group === group && ref.plural === plural && ref.namespace === namespace && ref.name === name;
}
