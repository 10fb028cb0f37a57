/** Serves the platform's own bindings (health, reflection) through Connect: the handlers are the same as in every service. */
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { callerKey, traceKey } from '../admission/admit.ts';
import { toConnectError } from '../forward/connect-error.ts';

/** Adds the binding's RPCs to the router. */
export function serveBinding(router: ConnectRouter, binding: ServiceBinding, logger: Logger): void {
  for (const [method, handler] of binding.handlers) {
    const serve =
      method.methodKind === 'unary' || method.methodKind === 'client_streaming'
        ? async (request: unknown, context: HandlerContext) => {
            try {
              return await handler(request, callContext(context, logger));
            } catch (error) {
              throw toConnectError(error);
            }
          }
        : async function* (request: unknown, context: HandlerContext) {
            try {
              yield* handler(request, callContext(context, logger)) as AsyncIterable<unknown>;
            } catch (error) {
              throw toConnectError(error);
            }
          };
    router.rpc(method, serve as never);
  }
}

function callContext(context: HandlerContext, logger: Logger): CallContext {
  const timeoutMs = context.timeoutMs();
  return {
    caller: context.values.get(callerKey),
    signal: context.signal,
    deadlineTimeMs: timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs,
    requestId: context.values.get(traceKey).requestId,
    logger,
    method: context.method,
  };
}
