/** Serves the routes of a Connect router on Node, with a request id on every answer and the same error details on every refusal. */
import type { ConnectRouter, ConnectRouterOptions, ContextValues } from '@connectrpc/connect';
import { createConnectRouter, createContextValues } from '@connectrpc/connect';
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import type { Logger } from '#platform/telemetry/logger.ts';
import { boundRequest, deadlineKey, takeDeadline } from '../call/call-deadline.ts';
import { remoteAddressOf, traceOf } from '../call/call-facts.ts';
import { admissionKey, remoteAddressKey, traceKey } from '../call/context-keys.ts';
import type { RequestHandler } from '../port/one-port-server.ts';
import type { BegunCall } from './begun-call.ts';
import { blameSender } from './callers-faults.ts';
import { completeError } from './complete-error.ts';
import { errorBody } from './error-forms.ts';
import { decodeTextRequest, encodeTextAnswer, isTextMode } from './grpc-web-text.ts';
import { answerUnknownRpc, looksLikeCall } from './unknown-rpc.ts';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** Answers a request, or goes on with one that was begun. */
export type RpcHandler = (request: Request, response: Response, begun?: BegunCall) => void;

/** A call of an RPC, and how it is answered. */
export type Read = {
  rpc: UniversalHandler;
  call: UniversalServerRequest;
  values: ContextValues;
  run: () => Promise<UniversalServerResponse>;
};

/** Answers a call; anything but a read by GET goes straight to its `run`. */
export type AnswerRead = (read: Read) => Promise<UniversalServerResponse>;

/** The options of a router that this handler sets itself. */
export type RpcHandlerOptions = {
  routes: (router: ConnectRouter) => void;
  router: Partial<ConnectRouterOptions>;
  /** Takes the caller's address from the first entry of x-forwarded-for; only behind a proxy that sets it. */
  trustForwardedFor: boolean;
  /** Answers calls by GET of RPCs without side effects; `run` calls the RPC. */
  answerRead: AnswerRead;
  /** Answers requests that are no RPC. */
  fallback: RequestHandler;
  logger: Logger;
};

/** How requests and answers may be compressed. */
export const acceptCompression = [blameSender(compressionGzip), blameSender(compressionBrotli)];

/** A handler for Connect, gRPC-web, in binary and in text, and gRPC over both HTTP versions. */
export function createRpcHandler(options: RpcHandlerOptions): RpcHandler {
  const router = createConnectRouter({
    acceptCompression,
    ...options.router,
  });
  options.routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request, response, begun) => {
    const path = pathOf(request.url);
    const rpc = handlers.get(path);
    if (rpc === undefined && !looksLikeCall(path, request)) {
      options.fallback(request, response);
      return;
    }
    const values = contextOf(request, options.trustForwardedFor, begun);
    const requestId = values.get(traceKey).requestId;
    const answered = answer({ rpc, answerRead: options.answerRead, body: begun?.body }, request, response, values);
    answered.catch((error) => {
      // The peer went away while it was being answered, or the answer broke: it cannot be sent any more.
      options.logger.debug({ err: error, rpc: path, request_id: requestId }, 'answer not delivered');
      response.destroy();
    });
  };
}

type Route = {
  rpc: UniversalHandler | undefined;
  answerRead: AnswerRead;
  body: AsyncIterable<Uint8Array> | undefined;
};

async function answer(
  { rpc, answerRead, body }: Route,
  request: Request,
  response: Response,
  values: ContextValues,
): Promise<void> {
  const read = readRequest(request, response, values);
  if (read === undefined) return refuseHost(response);
  const sent = body === undefined ? read : { ...read, body };
  const isText = isTextMode(sent.header);
  const deadline = takeDeadline(sent.header);
  // Not at the end of this function, which a client that leaves may keep from coming.
  response.once('close', () => deadline[Symbol.dispose]());
  if (response.closed) deadline[Symbol.dispose]();
  values.set(deadlineKey, deadline);
  const call = boundRequest(isText ? decodeTextRequest(sent) : sent, deadline);
  const run = async () => completeError(await (rpc ?? answerUnknownRpc)(call), rpc?.allowedMethods ?? []);
  const completed = rpc === undefined ? await run() : await answerRead({ rpc, call, values, run });
  const encoded = isText ? encodeTextAnswer(completed) : completed;
  await universalResponseToNodeResponse(withRequestId(encoded, values.get(traceKey).requestId), response);
}

/** The request as Connect reads it; undefined when it names no host that can be part of an address. */
function readRequest(request: Request, response: Response, values: ContextValues): UniversalServerRequest | undefined {
  try {
    return universalRequestFromNodeRequest(request, response, undefined, values);
  } catch {
    return undefined;
  }
}

function refuseHost(response: Response): void {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(errorBody({ code: 'invalid_argument', message: 'the request names no host' }));
}

/** The path of a request target, without its query. */
export function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}

function contextOf(request: Request, trustForwardedFor: boolean, begun: BegunCall | undefined): ContextValues {
  const values = createContextValues()
    .set(traceKey, begun?.trace ?? traceOf(request))
    .set(remoteAddressKey, remoteAddressOf(request, trustForwardedFor));
  return begun === undefined ? values : values.set(admissionKey, begun.admission);
}

function withRequestId(answer: UniversalServerResponse, requestId: string): UniversalServerResponse {
  const header = new Headers(answer.header);
  header.set('x-request-id', requestId);
  return { ...answer, header };
}
