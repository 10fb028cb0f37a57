/** Passes callbacks of payment providers on to the ledger, byte by byte: the ledger verifies the signature over them. */

import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { runWithTrace } from '#platform/telemetry/trace-context.ts';
import type { RateLimiter } from '../admission/rate-limit.ts';
import { remoteAddressOf, traceOf } from '../call/call-facts.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import { readBody } from './read-body.ts';
import { refuseMethod, sendRefusal } from './send-refusal.ts';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** What the handler works with. */
export type CallbackHandlerOptions = {
  ledger: Pick<RpcClient<typeof LedgerInternalService>, 'confirmPayment'>;
  rateLimiter: RateLimiter;
  trustForwardedFor: boolean;
  logger: Logger;
};

const bodyBytesMax = 64 * 1_024;
const timeoutMs = 10_000;
// All that signatures are made of, and neither cookies nor tokens.
const passedHeader = /signature|timestamp|webhook/;
const headersMax = 16;
const headerLengthMax = 1_024;

/**
 * Answers POST with 204 once the ledger has committed the effect. Everything else is an error, and the provider sends the callback again: 400
 * for what is not signed, 404 for an unknown provider, 413 for a long body, 429 over the rate of the address, 503 and the like for later.
 */
export function createCallbackHandler(options: CallbackHandlerOptions) {
  return (provider: string, request: Request, response: Response): void => {
    if (request.method !== 'POST') {
      refuseMethod(response, 'POST');
      return;
    }
    const trace = traceOf(request);
    response.setHeader('x-request-id', trace.requestId);
    runWithTrace(trace, () => passOn(options, provider, request)).then(
      () => response.writeHead(204).end(),
      (error) => {
        options.logger.debug({ err: error, provider, request_id: trace.requestId }, 'a callback was not taken');
        sendRefusal(response, error);
      },
    );
  };
}

async function passOn(
  { ledger, rateLimiter, trustForwardedFor }: CallbackHandlerOptions,
  provider: string,
  request: Request,
): Promise<void> {
  const verdict = rateLimiter.take(remoteAddressOf(request, trustForwardedFor));
  if (!verdict.allowed) {
    const retryDelayMs = verdict.retryAfterMs;
    throw resourceExhausted(ErrorReason.RATE_LIMITED, 'too many calls; come back later', { retryDelayMs });
  }
  const body = await readBody(request, bodyBytesMax);
  // Without the signal of the client: what was read is taken, whether its sender waits for the answer or not.
  await ledger.confirmPayment({ provider, headers: signatureHeaders(request), body }, { timeoutMs });
}

function signatureHeaders({ headers }: Request): Record<string, string> {
  const passed = Object.entries(headers).flatMap(([name, value]) => {
    const isPassed = passedHeader.test(name) && typeof value === 'string' && value.length <= headerLengthMax;
    return isPassed ? [[name, value] as const] : [];
  });
  return Object.fromEntries(passed.slice(0, headersMax));
}
