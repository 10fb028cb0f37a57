/** The types that tie handlers to a proto service. */
import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { CallContext } from './call-context.ts';

/** The handler of one RPC, by its kind. */
export type MethodImplementation<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, context: CallContext) => Promise<MessageInitShape<O> | EncodedMessage>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, context: CallContext) => AsyncIterable<MessageInitShape<O> | EncodedMessage>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageShape<I>>, context: CallContext) => Promise<MessageInitShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (
              requests: AsyncIterable<MessageShape<I>>,
              context: CallContext,
            ) => AsyncIterable<MessageInitShape<O> | EncodedMessage>
          : never;

/** A handler for every RPC of a service, under its name in lowerCamelCase. */
export type Implementation<S extends DescService> = {
  [K in keyof S['method']]: MethodImplementation<S['method'][K]>;
};

/**
 * A response that is serialised already, and sent as it is: for a message that is encoded once and sent to many streams, or one with
 * hundreds of parts whose handler encodes them without an object for each.
 */
export class EncodedMessage {
  /** The protobuf bytes of the message, without a frame. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * Optional fast decoders of request messages, by the RPC's name in lowerCamelCase. A decoder returns undefined to fall back to
 * protobuf, which reports malformed input.
 */
export type RequestReaders<S extends DescService> = {
  [K in keyof S['method']]?: (bytes: Buffer) => MessageShape<S['method'][K]['input']> | undefined;
};

/** A reader after its types were checked. */
export type UntypedReader = (bytes: Buffer) => Message | undefined;

/** A handler after its types were checked. */
export type UntypedHandler = (request: unknown, context: CallContext) => unknown;

/** A proto service with its handlers, ready to be served. */
export type ServiceBinding = {
  service: DescService;
  handlers: Map<DescMethod, UntypedHandler>;
  /** For the RPCs whose requests are not read by protobuf. */
  readers?: Map<DescMethod, UntypedReader>;
};

/** Any message, where its type was checked before. */
export type AnyInit = MessageInitShape<DescMessage>;

/** Ties handlers to their service. Throws TypeError when an RPC has none. */
export function implement<S extends DescService>(
  service: S,
  implementation: Implementation<S>,
  requestReaders: RequestReaders<S> = {},
): ServiceBinding {
  const handlers = new Map<DescMethod, UntypedHandler>();
  const readers = new Map<DescMethod, UntypedReader>();
  for (const method of service.methods) {
    const handler: unknown = Reflect.get(implementation, method.localName);
    if (typeof handler !== 'function') throw new TypeError(`${service.typeName}.${method.name} has no handler`);
    handlers.set(method, handler.bind(implementation) as UntypedHandler);
    const reader: unknown = Reflect.get(requestReaders, method.localName);
    if (reader !== undefined) readers.set(method, reader as UntypedReader);
  }
  return { service, handlers, readers };
}
