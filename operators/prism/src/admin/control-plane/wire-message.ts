import protobuf from 'protobufjs';
import { controlPlaneProto } from './control-plane-proto.ts';

const { root } = protobuf.parse(controlPlaneProto);

/** Bytes of one kind of message, to and from plain objects in which every field is present. */
export interface WireMessage<T extends object> {
  encode(message: T): Buffer;
  /** @throws {Error} for bytes that are no such message */
  decode(bytes: Uint8Array): T;
}

/** The object of a kind of message. */
export type MessageOf<Wire> = Wire extends WireMessage<infer T> ? T : never;

function wireMessage<T extends object>(name: string): WireMessage<T> {
  const type = root.lookupType(`prism.${name}`);
  return {
    encode: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
    // The message type has exactly the fields of T, and the options fill in those that were not sent.
    decode: (bytes) => type.toObject(type.decode(bytes), { arrays: true, objects: true, defaults: true }) as T,
  };
}

interface Outcome {
  readonly success: boolean;
  readonly message: string;
}

/** Fields that the sender left out are absent, whatever the others are. */
interface NamespaceConfig {
  readonly patterns: Readonly<Record<string, { readonly patternName: string }>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const registerProxyRequest = wireMessage<{
  readonly proxyId: string;
  readonly address: string;
  readonly version: string;
}>('RegisterProxyRequest');

export const registerProxyResponse = wireMessage<
  Outcome & {
    readonly initialNamespaces: readonly {
      readonly namespace: string;
      readonly partitionId: number;
      readonly config: NamespaceConfig | null;
      readonly version: string;
    }[];
    readonly partitionRanges: readonly { readonly start: number; readonly end: number }[];
  }
>('RegisterProxyResponse');

export const createNamespaceRequest = wireMessage<{
  readonly namespace: string;
  readonly requestingProxy: string;
  readonly config: NamespaceConfig | null;
  readonly principal: string;
}>('CreateNamespaceRequest');

export const createNamespaceResponse = wireMessage<
  Outcome & { readonly assignedPartition: number; readonly assignedProxy: string }
>('CreateNamespaceResponse');
