/** Ties the handlers of a service, one function a file, to its contract. */
import type {
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { CallContext } from './call-context.ts';
import {
  type EncodedMessage,
  type Implementation,
  implement,
  type RequestReaders,
  type ServiceBinding,
} from './implementation.ts';

/** The handler of one RPC: what the service is made of, the request, and who calls. */
export type Handler<D, M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (
        deps: D,
        request: MessageShape<I>,
        context: CallContext,
      ) => MessageInitShape<O> | EncodedMessage | Promise<MessageInitShape<O> | EncodedMessage>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (deps: D, request: MessageShape<I>, context: CallContext) => AsyncIterable<MessageInitShape<O> | EncodedMessage>
      : never;

/** A handler for every RPC of a service, under its name in lowerCamelCase. */
export type Handlers<D, S extends DescService> = { [K in keyof S['method']]: Handler<D, S['method'][K]> };

type UntypedHandler = (deps: unknown, request: unknown, context: CallContext) => unknown;

/** A binding of `service` whose handlers all get `deps`. Throws TypeError when an RPC has no handler. */
export function bindHandlers<D, S extends DescService>(
  service: S,
  deps: D,
  handlers: Handlers<D, S>,
  requestReaders?: RequestReaders<S>,
): ServiceBinding {
  const bound = service.methods.map((method) => {
    const found: unknown = Reflect.get(handlers, method.localName);
    if (typeof found !== 'function') throw new TypeError(`${service.typeName}.${method.name} has no handler`);
    const handler = found as UntypedHandler;
    const isUnary = method.methodKind === 'unary';
    return [
      method.localName,
      isUnary
        ? async (request: unknown, context: CallContext) => handler(deps, request, context)
        : (request: unknown, context: CallContext) => handler(deps, request, context),
    ];
  });
  return implement(service, Object.fromEntries(bound) as Implementation<S>, requestReaders);
}
