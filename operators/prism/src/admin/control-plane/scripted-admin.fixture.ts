import type {
  Answer,
  ControlPlane,
  NamespaceRequest,
  PartitionRange,
  Placed,
  ProxyRequest,
  Registered,
} from './control-plane.ts';

/** A prism-admin in memory that takes its time, and answers as a test says. */
export class ScriptedAdmin {
  /** `create orders`, `register shop.prism` ..., in order. */
  readonly calls: string[] = [];
  /** What is answered instead of a yes, by call; `undefined` for a yes. */
  trouble: (call: string) => Answer<never> | undefined = () => undefined;
  /** What happens in the moment in which its connection is closed. */
  onClose: () => void = () => {};
  /** What it forgets although it says yes. */
  forgets = new Set<string>();
  /** What it has and does not show. */
  readonly hidden = new Set<string>();
  /** The partitions that the proxy is given. */
  ranges: readonly PartitionRange[] = [{ start: 0, end: 255 }];
  readonly namespaces = new Map<string, NamespaceRequest>();
  hasProxy = false;
  mostAtOnce = 0;
  open = 0;
  #underWay = 0;

  readonly dial = (): ControlPlane => {
    this.open += 1;
    return {
      createNamespace: (request, signal) => this.#call(`create ${request.name}`, signal, () => this.#create(request)),
      registerProxy: (request, signal) => this.#call(`register ${request.id}`, signal, () => this.#register(request)),
      close: () => {
        this.open -= 1;
        this.onClose();
      },
    };
  };

  async #call<T>(call: string, signal: AbortSignal, answer: () => Answer<T>): Promise<Answer<T>> {
    this.calls.push(call);
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    await new Promise((resolve) => setImmediate(resolve));
    this.#underWay -= 1;
    signal.throwIfAborted();
    return this.trouble(call) ?? answer();
  }

  #create(request: NamespaceRequest): Answer<Placed> {
    if (!this.hasProxy) return { kind: 'WaitingForProxy', message: 'no proxy assigned' };
    if (!this.forgets.has(request.name)) this.namespaces.set(request.name, request);
    return { kind: 'Accepted', value: { partition: 7, proxy: 'shop.prism' } };
  }

  #register(_request: ProxyRequest): Answer<Registered> {
    this.hasProxy = true;
    const shown = [...this.namespaces.values()].filter(({ name }) => !this.hidden.has(name));
    const namespaces = shown.map(({ name, metadata }) => ({ name, partition: 7, metadata }));
    return { kind: 'Accepted', value: { ranges: this.ranges, namespaces } };
  }
}

/** A request for a namespace, with what a test cares about. */
export function aRequest(name: string, metadata: Readonly<Record<string, string>> = {}): NamespaceRequest {
  return { name, requestingProxy: 'shop.prism', principal: `shop/${name}`, patterns: [], metadata };
}

/** The prism-admin of a cluster, with a proxy to be registered. */
export const aTarget = {
  address: 'prism-prism-admin.shop.svc:8981',
  incarnation: 'first',
  proxy: { id: 'shop.prism', address: 'prism-prism-proxy.shop.svc:8980' },
} as const;
