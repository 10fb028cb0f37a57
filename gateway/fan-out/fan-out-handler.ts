/**
 * Serves the streams of the market without Connect's pipeline, which costs some twenty times what a message costs here. Whatever is not
 * plain, and what the market may refuse, goes to the handler behind, whose answers are the same to the byte: `fan-out.test.ts` sends both
 * the same requests.
 */
import type { Compression } from '@connectrpc/connect/protocol';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Gate } from '../admission/admit.ts';
import { remoteAddressOf } from '../call/call-facts.ts';
import type { RpcHandler } from '../edge/rpc-handler.ts';
import { createPlainReader } from '../lean/plain-request.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import type { FanOut } from './fan-out.ts';
import { streamKinds } from './kinds.ts';
import { StreamCall, type StreamRuntime } from './stream-call.ts';
import { streamWires } from './stream-wires.ts';

/** What the handler is made of. */
export type FanOutHandlerOptions = {
  fanOut: FanOut;
  gate: Gate;
  trustForwardedFor: boolean;
  acceptCompression: Compression[];
  requestBytesMax: number;
  ageMaxMs: number;
  /** Answers requests that are not for the fan-out. */
  fallback: RequestHandler;
  /** Goes on with calls that turn out not to be. */
  next: RpcHandler;
  logger: Logger;
};

/** Positions of a hundred symbols and a token fit; longer requests go to Connect. */
const bodyBytesMax = 32 * 1_024;

/** A handler before `fallback`. */
export function createFanOutHandler(options: FanOutHandlerOptions): RequestHandler {
  const { fanOut, gate, trustForwardedFor, acceptCompression, ageMaxMs, fallback, next, logger } = options;
  const bytesMax = Math.min(bodyBytesMax, options.requestBytesMax);
  const readPlain = createPlainReader({
    wires: streamWires,
    acceptCompression,
    bodyBytesMax: bytesMax,
    isChunkedPlain: true,
  });
  const kinds = new Map(streamKinds.map((kind) => [`/${kind.method.parent.typeName}/${kind.method.name}`, kind]));
  const runtime: StreamRuntime = {
    gate,
    fanOut,
    bodyBytesMax: bytesMax,
    ageMaxMs,
    passOn: next,
    onUndelivered: (error) => logger.debug({ err: error }, 'answer not delivered'),
  };
  return (request, response) => {
    const kind = kinds.get(request.url ?? '');
    const plain = kind && readPlain(request);
    // Brotli as Connect sets it costs more than it saves here.
    if (kind === undefined || plain === undefined || (plain.compression?.name ?? 'gzip') !== 'gzip') {
      fallback(request, response);
      return;
    }
    const remoteAddress = remoteAddressOf(request, trustForwardedFor);
    new StreamCall(runtime, kind, { request, response, plain, remoteAddress }).start();
  };
}
