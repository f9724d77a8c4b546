import { crc32 } from 'node:zlib';
import { systemClock } from '@capstan/kube';
import {
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import {
  createNamespaceRequest,
  createNamespaceResponse,
  type MessageOf,
  registerProxyRequest,
  registerProxyResponse,
  type WireMessage,
} from '../admin/control-plane/wire-message.ts';

/** A no of gRPC. */
class Refusal extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** A method of the service, whatever its messages are. */
interface Method {
  readonly name: string;
  readonly definition: MethodDefinition<object, object>;
  readonly nameIn: (request: object) => string;
  readonly answer: (request: object) => object;
}

interface Handling<Request, Response> {
  /** The namespace or proxy that a request names. */
  readonly nameIn: (request: Request) => string;
  /** @throws {Refusal} */
  readonly answer: (request: Request) => Response;
}

function method<Request extends object, Response extends object>(
  name: string,
  [request, response]: readonly [WireMessage<Request>, WireMessage<Response>],
  { nameIn, answer }: Handling<Request, Response>,
): Method {
  return {
    name,
    definition: {
      ...{ path: `/prism.ControlPlane/${name}`, requestStream: false, responseStream: false },
      requestDeserialize: request.decode,
      // Here and below: what comes in was decoded, and what goes out was made, by the functions that stand beside it.
      requestSerialize: (message) => request.encode(message as Request),
      responseSerialize: (message) => response.encode(message as Response),
      responseDeserialize: response.decode,
    },
    nameIn: (message) => nameIn(message as Request),
    answer: (message) => answer(message as Request),
  };
}

/** Of a request that nobody here sends: the bytes. */
const anything: WireMessage<Buffer> = { encode: (bytes) => bytes, decode: (bytes) => Buffer.from(bytes) };

/** Every response begins with these two fields. */
const outcome: WireMessage<{ readonly success: boolean; readonly message: string }> = {
  encode: (fields) => registerProxyResponse.encode({ ...fields, initialNamespaces: [], partitionRanges: [] }),
  decode: registerProxyResponse.decode,
};

/** What does nothing, and says that it did. */
const stubs: readonly (readonly [string, string])[] = [
  ['Heartbeat', 'Heartbeat received'],
  ['AssignNamespace', 'Namespace assignment acknowledged'],
  ['RevokeNamespace', 'Namespace revocation not yet implemented'],
  ['AssignProcess', 'Process assignment not yet implemented'],
  ['RevokeProcess', 'Process revocation not yet implemented'],
];

/** How the fake behaves besides answering. */
export type Mood =
  | 'Well'
  /** The quorum is lost: every call is answered so. */
  | 'NoLeader'
  /** Calls are taken, and never answered. */
  | 'Hangs'
  /** Namespaces are said to be created, and are not: the real one does not look whether its log could be applied. */
  | 'Forgets';

/** One call that came in, in order. */
export interface SeenCall {
  readonly method: string;
  /** The namespace or the proxy that it names. */
  readonly name: string;
}

interface KnownNamespace {
  readonly partition: number;
  readonly proxy: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly principal: string;
  readonly requestingProxy: string;
}

const partitions = 256;

/** Partition of a namespace, as prism-admin has it. */
export function partitionOf(name: string): number {
  return crc32(name) % partitions;
}

/** Which partitions a proxy has among all that ever registered: equal parts by the order of their ids, and the rest for the last. */
export function rangeOf(proxy: string, proxies: readonly string[]): { readonly start: number; readonly end: number } {
  const sorted = [...proxies].sort();
  const index = sorted.indexOf(proxy);
  const size = Math.floor(partitions / sorted.length);
  const isLast = index === sorted.length - 1;
  return { start: index * size, end: isLast ? partitions - 1 : (index + 1) * size - 1 };
}

/**
 * A gRPC server on loopback that answers as prism-admin does: it holds what it is told in memory, has no way to delete or to list, says
 * success where nothing is done, takes empty names, and ends when calls come together that end the real one.
 */
export class FakeControlPlane implements AsyncDisposable {
  mood: Mood = 'Well';
  /** How long each call takes, in ms. What overlaps is found out by it. */
  workMs = 1;
  readonly calls: SeenCall[] = [];
  readonly namespaces = new Map<string, KnownNamespace>();
  /** Addresses by id. */
  readonly proxies = new Map<string, string>();
  /** The most calls that were ever under way together. */
  mostAtOnce = 0;
  /** What ended it; absent while it runs. */
  crashedBy: string | undefined;
  readonly #underWay: string[] = [];
  #server: Server | undefined;
  #port = 0;

  /** A server that listens. */
  static async start(): Promise<FakeControlPlane> {
    const fake = new FakeControlPlane();
    await fake.listen();
    return fake;
  }

  /** `host:port`; the same after a restart. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Listens, again on the port that it had. What it knew it still knows. */
  async listen(): Promise<void> {
    const server = new Server();
    server.addService(...this.#service());
    this.#port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, port: number) => (error === null ? resolve(port) : reject(error));
      server.bindAsync(this.address, ServerCredentials.createInsecure(), bound);
    });
    this.#server = server;
    this.crashedBy = undefined;
  }

  /** Ends as by SIGKILL; what is under way gets no answer. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
    this.#underWay.length = 0;
  }

  /** What an empty volume knows. */
  forgetAll(): void {
    this.namespaces.clear();
    this.proxies.clear();
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
  }

  #service(): [ServiceDefinition, UntypedServiceImplementation] {
    const methods = [
      method('CreateNamespace', [createNamespaceRequest, createNamespaceResponse], {
        nameIn: ({ namespace }) => namespace,
        answer: (request) => this.#create(request),
      }),
      method('RegisterProxy', [registerProxyRequest, registerProxyResponse], {
        nameIn: ({ proxyId }) => proxyId,
        answer: (request) => this.#register(request),
      }),
      method('LauncherHeartbeat', [anything, outcome], {
        nameIn: () => '',
        answer: (bytes) => this.#launcherHeartbeat(bytes),
      }),
      ...stubs.map(([name, message]) =>
        method(name, [anything, outcome], { nameIn: () => '', answer: () => ({ success: true, message }) }),
      ),
    ];
    const definitions = methods.map(({ name, definition }) => [name, definition] as const);
    const handlers = methods.map((each) => [each.name, this.#handler(each)] as const);
    return [Object.fromEntries(definitions), Object.fromEntries(handlers)];
  }

  #handler({ name, nameIn, answer }: Method) {
    return (call: ServerUnaryCall<object, object>, send: sendUnaryData<object>): void => {
      this.calls.push({ method: name, name: nameIn(call.request) });
      if (this.mood === 'Hangs') this.#hang(name, call);
      else if (this.mood === 'NoLeader') send({ code: status.UNAVAILABLE, details: 'no leader elected' });
      else
        void this.#work(name, () => answer(call.request)).then(
          (response) => response !== undefined && send(null, response),
          (refusal: Refusal) => send({ code: refusal.code, details: refusal.message }),
        );
    };
  }

  #hang(name: string, call: ServerUnaryCall<object, object>): void {
    this.#begin(name);
    call.on('cancelled', () => this.#finish(name));
  }

  #begin(name: string): void {
    this.#underWay.push(name);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay.length);
  }

  #finish(name: string): void {
    const index = this.#underWay.indexOf(name);
    if (index >= 0) this.#underWay.splice(index, 1);
  }

  /** `undefined` when it has ended meanwhile. */
  async #work(name: string, answer: () => object): Promise<object | undefined> {
    this.#begin(name);
    if (this.#underWay.includes('RegisterProxy') && this.#underWay.includes('CreateNamespace')) {
      this.#crash('concurrent map iteration and map write');
      return undefined;
    }
    const server = this.#server;
    await systemClock.sleep(this.workMs);
    if (this.#server !== server) return undefined;
    this.#finish(name);
    return answer();
  }

  #crash(why: string): void {
    this.crashedBy = why;
    this.stop();
  }

  #create(request: MessageOf<typeof createNamespaceRequest>): MessageOf<typeof createNamespaceResponse> {
    const { namespace, config, principal, requestingProxy } = request;
    const partition = partitionOf(namespace);
    const owner = this.#ownerOf(partition);
    if (owner === undefined)
      throw new Refusal(
        status.FAILED_PRECONDITION,
        `no proxy assigned to partition ${partition}: no proxies available`,
      );
    const proxy = this.namespaces.get(namespace)?.proxy ?? owner;
    const known = { partition, proxy, metadata: config?.metadata ?? {}, principal, requestingProxy };
    if (this.mood !== 'Forgets') this.namespaces.set(namespace, known);
    const message = 'Namespace created successfully';
    return { success: true, message, assignedPartition: partition, assignedProxy: proxy };
  }

  #register({ proxyId, address }: MessageOf<typeof registerProxyRequest>): MessageOf<typeof registerProxyResponse> {
    this.proxies.set(proxyId, address);
    const range = rangeOf(proxyId, [...this.proxies.keys()]);
    const own = [...this.namespaces].filter(([, { partition }]) => range.start <= partition && partition <= range.end);
    return {
      success: true,
      message: 'Proxy registered successfully',
      partitionRanges: [range],
      initialNamespaces: own.map(([namespace, { partition: partitionId, metadata }]) => ({
        ...{ namespace, partitionId, version: '1', config: { patterns: {}, metadata } },
      })),
    };
  }

  #ownerOf(partition: number): string | undefined {
    const ids = [...this.proxies.keys()];
    return ids.find((id) => {
      const { start, end } = rangeOf(id, ids);
      return start <= partition && partition <= end;
    });
  }

  /** Field 3, `resources`, is read without a look whether it is there. */
  #launcherHeartbeat(request: Buffer): { readonly success: boolean; readonly message: string } {
    const hasResources = request.includes(0x1a);
    if (!hasResources) this.#crash('nil pointer dereference');
    return { success: true, message: 'Heartbeat received' };
  }
}
