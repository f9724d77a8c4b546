import { type Millis, seconds } from '@capstan/runtime';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Answer, ControlPlane, NamespaceRequest, Placed, ProxyRequest, Registered } from './control-plane.ts';
import { failureOf } from './failure-of.ts';
import {
  createNamespaceRequest,
  createNamespaceResponse,
  type MessageOf,
  registerProxyRequest,
  registerProxyResponse,
  type WireMessage,
} from './wire-message.ts';

/** How long an answer may take: prism-admin itself gives a write up after three seconds. */
const usualTimeout: Millis = seconds(5);

/** An answer holds every namespace of a cluster; more than this is none. */
const longestAnswer = 16_777_216;

/**
 * Reaches prism-admin over gRPC, in plain text: it speaks nothing else. A proxy that the environment names is not for it.
 * @param timeoutMs how long each call is waited for; 5 s unless told
 */
export function dialControlPlane(address: string, timeoutMs: Millis = usualTimeout): ControlPlane {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_retries': 0,
    'grpc.max_receive_message_length': longestAnswer,
  });
  const calling = { client, timeoutMs };
  return {
    createNamespace: async (request, signal) => {
      if (request.name === '') throw new RangeError('a namespace needs a name: prism-admin would take an empty one');
      const asked = await call(calling, createNamespace, wireNamespace(request), signal);
      return acceptedAs(asked, placedBy);
    },
    registerProxy: async (request, signal) => {
      if (request.id === '') throw new RangeError('a proxy needs an id: prism-admin would take an empty one');
      const asked = await call(calling, registerProxy, wireProxy(request), signal);
      return acceptedAs(asked, registeredBy);
    },
    close: () => client.close(),
  };
}

interface Method<Request extends object, Response extends object> {
  readonly path: string;
  readonly request: WireMessage<Request>;
  readonly response: WireMessage<Response>;
}

const createNamespace = {
  path: '/prism.ControlPlane/CreateNamespace',
  request: createNamespaceRequest,
  response: createNamespaceResponse,
};

const registerProxy = {
  path: '/prism.ControlPlane/RegisterProxy',
  request: registerProxyRequest,
  response: registerProxyResponse,
};

function wireNamespace(request: NamespaceRequest): MessageOf<typeof createNamespaceRequest> {
  const { name, requestingProxy, principal, patterns, metadata } = request;
  const named = Object.fromEntries(patterns.map((patternName) => [patternName, { patternName }]));
  return { namespace: name, requestingProxy, principal, config: { patterns: named, metadata } };
}

function wireProxy({ id, address }: ProxyRequest): MessageOf<typeof registerProxyRequest> {
  return { proxyId: id, address, version: '' };
}

function placedBy({ assignedPartition, assignedProxy }: MessageOf<typeof createNamespaceResponse>): Placed {
  return { partition: assignedPartition, proxy: assignedProxy };
}

function registeredBy({ initialNamespaces, partitionRanges }: MessageOf<typeof registerProxyResponse>): Registered {
  return {
    ranges: partitionRanges.map(({ start, end }) => ({ start, end })),
    namespaces: initialNamespaces.map(({ namespace: name, partitionId: partition, config }) => ({
      ...{ name, partition, metadata: config?.metadata ?? {} },
    })),
  };
}

/** An answer may say in so many words that the call was of no use. */
function acceptedAs<Response extends { readonly success: boolean; readonly message: string }, T>(
  answer: Answer<Response>,
  read: (response: Response) => T,
): Answer<T> {
  if (answer.kind !== 'Accepted') return answer;
  const { success, message } = answer.value;
  return success ? { kind: 'Accepted', value: read(answer.value) } : { kind: 'Refused', message };
}

function call<Request extends object, Response extends object>(
  { client, timeoutMs }: { readonly client: Client; readonly timeoutMs: Millis },
  { path, request, response }: Method<Request, Response>,
  message: Request,
  signal: AbortSignal,
): Promise<Answer<Response>> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => sent.cancel();
    const onAnswer = (error: ServiceError | null, value?: Response) => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) reject(signal.reason);
      else if (error !== null) resolve(failureOf(error, timeoutMs));
      else if (value !== undefined) resolve({ kind: 'Accepted', value });
      else resolve({ kind: 'Refused', message: 'prism-admin answers without an answer' });
    };
    const options = { deadline: new Date(Date.now() + timeoutMs) };
    const { encode, decode } = { encode: request.encode, decode: response.decode };
    const sent = client.makeUnaryRequest(path, encode, decode, message, new Metadata(), options, onAnswer);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
