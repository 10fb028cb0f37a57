/** Serves the routes of a Connect router on Node, with a request id on every answer and the same error details on every refusal. */
import type { ConnectRouter, ConnectRouterOptions, ContextValues } from '@connectrpc/connect';
import { createConnectRouter, createContextValues } from '@connectrpc/connect';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTrace } from '#platform/telemetry/trace-context.ts';
import { remoteAddressKey, traceKey } from '../admission/admit.ts';
import type { RequestHandler } from '../port/one-port-server.ts';
import { completeError } from './complete-error.ts';

const requestIdPattern = /^[A-Za-z0-9._:-]{1,64}$/;

/** The options of a router that this handler sets itself. */
export type RpcHandlerOptions = {
  routes: (router: ConnectRouter) => void;
  router: Partial<ConnectRouterOptions>;
  /** Takes the caller's address from the first entry of x-forwarded-for; only behind a proxy that sets it. */
  trustForwardedFor: boolean;
  /** Answers what is no RPC. */
  fallback: RequestHandler;
  logger: Logger;
};

/** A handler for Connect, gRPC-web and gRPC over both HTTP versions. */
export function createRpcHandler(options: RpcHandlerOptions): RequestHandler {
  const router = createConnectRouter({ acceptCompression: [compressionGzip, compressionBrotli], ...options.router });
  options.routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request, response) => {
    const handler = handlers.get(pathOf(request.url));
    if (handler === undefined) {
      options.fallback(request, response);
      return;
    }
    const values = contextOf(request, options.trustForwardedFor);
    const requestId = values.get(traceKey).requestId;
    handler(universalRequestFromNodeRequest(request, response, undefined, values))
      .then(completeError)
      .then((answer) => universalResponseToNodeResponse(withRequestId(answer, requestId), response))
      .catch((error) => {
        // The peer went away while it was being answered, or the answer broke: nobody is left to tell.
        options.logger.debug({ err: error, rpc: handler.requestPath, request_id: requestId }, 'answer not delivered');
        response.destroy();
      });
  };
}

/** The path of a request target, without its query. */
export function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}

type Request = Parameters<RequestHandler>[0];

function contextOf(request: Request, trustForwardedFor: boolean): ContextValues {
  const sentId = request.headers['x-request-id'];
  const requestId = typeof sentId === 'string' && requestIdPattern.test(sentId) ? sentId : undefined;
  const traceparent = request.headers.traceparent;
  const trace = startTrace(typeof traceparent === 'string' ? traceparent : undefined, requestId);
  return createContextValues().set(traceKey, trace).set(remoteAddressKey, remoteAddress(request, trustForwardedFor));
}

function remoteAddress(request: Request, trustForwardedFor: boolean): string {
  const forwarded = trustForwardedFor ? request.headers['x-forwarded-for'] : undefined;
  if (typeof forwarded === 'string') return forwarded.split(',', 1)[0]?.trim() || 'unknown';
  return request.socket.remoteAddress ?? 'unknown';
}

function withRequestId(answer: UniversalServerResponse, requestId: string): UniversalServerResponse {
  const header = new Headers(answer.header);
  header.set('x-request-id', requestId);
  return { ...answer, header };
}
