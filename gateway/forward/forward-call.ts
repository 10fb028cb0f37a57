/** Handlers that pass a call on to the service that owns it. They are derived from descriptors: no RPC is written down here. */
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import type { CallOptions } from '#platform/rpc/client.ts';
import { runWithTrace } from '#platform/telemetry/trace-context.ts';
import { callerKey, traceKey } from '../admission/admit.ts';
import { toConnectError } from './connect-error.ts';

/** The typed client of a service, seen without its types. */
export type AnyClient = { [method: string]: (request: unknown, options: CallOptions) => unknown };

const unaryTimeoutMsMax = 30_000;
const unaryTimeoutMsDefault = 10_000;

/** An implementation of `service` that forwards every RPC to `client`. Only unary and server-streaming RPCs are public. */
export function forwardService(service: DescService, client: AnyClient): Record<string, unknown> {
  return Object.fromEntries(service.methods.map((method) => [method.localName, forwardMethod(method, client)]));
}

function forwardMethod(method: DescMethod, client: AnyClient) {
  const call = client[method.localName];
  if (call === undefined) throw new TypeError(`${method.parent.typeName}.${method.name} has no client`);
  switch (method.methodKind) {
    case 'unary':
      return (request: unknown, context: HandlerContext) => forwardUnary(call, request, context);
    case 'server_streaming':
      return (request: unknown, context: HandlerContext) => forwardStream(call, request, context);
    default:
      throw new TypeError(`${method.parent.typeName}.${method.name} cannot be offered to browsers`);
  }
}

type ClientCall = AnyClient[string];

async function forwardUnary(call: ClientCall, request: unknown, context: HandlerContext): Promise<object> {
  const timeoutMs = Math.min(context.timeoutMs() ?? unaryTimeoutMsDefault, unaryTimeoutMsMax);
  try {
    return await runWithTrace(context.values.get(traceKey), () => {
      return call(request, callOptions(context, timeoutMs)) as Promise<object>;
    });
  } catch (error) {
    throw toConnectError(error);
  }
}

async function* forwardStream(call: ClientCall, request: unknown, context: HandlerContext): AsyncGenerator<object> {
  try {
    // The call starts when it is made, so only this needs the trace; reading it on does not.
    const messages = runWithTrace(context.values.get(traceKey), () => {
      return call(request, callOptions(context, context.timeoutMs())) as AsyncIterable<object>;
    });
    yield* messages;
  } catch (error) {
    if (!context.signal.aborted) throw toConnectError(error);
  }
}

function callOptions(context: HandlerContext, timeoutMs: number | undefined): CallOptions {
  const options: CallOptions = { signal: context.signal };
  const token = context.values.get(callerKey).user?.token;
  if (timeoutMs !== undefined) options.timeoutMs = timeoutMs;
  if (token !== undefined) options.userToken = token;
  return options;
}
