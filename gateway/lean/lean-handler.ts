/**
 * Answers plain calls of the busiest RPCs without Connect's pipeline of async iterables and web headers, which costs several times what
 * the call itself does. Everything that is not plain, and every other RPC, goes to the handler behind, whose answers are the
 * same to the byte: `lean-handler.test.ts` sends both the same requests.
 */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Compression } from '@connectrpc/connect/protocol';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Gate } from '../admission/admit.ts';
import { remoteAddressOf } from '../call/call-facts.ts';
import type { RpcHandler } from '../edge/rpc-handler.ts';
import type { Upstream } from '../forward/forward-bytes.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import { LeanCall, type LeanMethod, type LeanRuntime } from './lean-call.ts';
import { createPlainReader } from './plain-request.ts';
import { wires } from './wires.ts';

/** What the handler is made of. */
export type LeanHandlerOptions = {
  /** By RPC. */
  upstreams: ReadonlyMap<DescMethod, Upstream>;
  gate: Gate;
  trustForwardedFor: boolean;
  acceptCompression: Compression[];
  requestBytesMax: number;
  /** The deadline of a call whose caller gave none, and the longest, in ms. */
  timeoutMsDefault: number;
  timeoutMsMax: number;
  next: RpcHandler;
  logger: Logger;
};

/** Longer requests go to Connect: a group of 100 orders fits into the message that the order service takes. */
const bodyBytesMax = 4 * 1_024;

/** A handler before `next`. */
export function createLeanHandler(options: LeanHandlerOptions): RequestHandler {
  const { upstreams, gate, trustForwardedFor, acceptCompression, next, logger } = options;
  const bytesMax = Math.min(bodyBytesMax, options.requestBytesMax);
  const readPlain = createPlainReader({ wires, acceptCompression, bodyBytesMax: bytesMax });
  const methods = new Map<string, LeanMethod>(
    [...upstreams].map(([method, upstream]) => [`/${method.parent.typeName}/${method.name}`, { method, upstream }]),
  );
  const runtime: LeanRuntime = {
    gate,
    bodyBytesMax: bytesMax,
    timeoutMsDefault: options.timeoutMsDefault,
    timeoutMsMax: options.timeoutMsMax,
    passOn: next,
    onUndelivered: (error) => logger.debug({ err: error }, 'answer not delivered'),
  };
  return (request, response) => {
    const method = methods.get(request.url ?? '');
    const plain = method && readPlain(request);
    if (method === undefined || plain === undefined) {
      next(request, response);
      return;
    }
    const remoteAddress = remoteAddressOf(request, trustForwardedFor);
    new LeanCall(runtime, method, { request, response, plain, remoteAddress }).start();
  };
}
