/** Serves the platform's own bindings (health, reflection) through Connect: the handlers are the same as in every service. */
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ServiceBinding, UntypedHandler } from '#platform/rpc/implementation.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { deadlineKey } from '../call/call-deadline.ts';
import { refusalOf } from '../call/connect-error.ts';
import { callerKey, traceKey } from '../call/context-keys.ts';

/** Adds the binding's RPCs to the router. */
export function serveBinding(router: ConnectRouter, binding: ServiceBinding, logger: Logger): void {
  for (const [method, handler] of binding.handlers) {
    const isOne = method.methodKind === 'unary' || method.methodKind === 'client_streaming';
    const serve = isOne ? answerOne : answerMany;
    router.rpc(method, ((request: unknown, context: HandlerContext) =>
      serve(handler, request, context, logger)) as never);
  }
}

async function answerOne(handler: UntypedHandler, request: unknown, context: HandlerContext, logger: Logger) {
  try {
    return await context.values
      .get(deadlineKey)
      .bound(handler(request, callContext(context, logger)) as Promise<unknown>);
  } catch (error) {
    throw refusalOf(context, error);
  }
}

async function* answerMany(handler: UntypedHandler, request: unknown, context: HandlerContext, logger: Logger) {
  try {
    yield* handler(request, callContext(context, logger)) as AsyncIterable<unknown>;
    context.values.get(deadlineKey).signal.throwIfAborted();
  } catch (error) {
    throw refusalOf(context, error);
  }
}

function callContext(context: HandlerContext, logger: Logger): CallContext {
  return {
    caller: context.values.get(callerKey),
    signal: context.signal,
    deadlineTimeMs: context.values.get(deadlineKey).timeMs,
    requestId: context.values.get(traceKey).requestId,
    logger,
    method: context.method,
  };
}
