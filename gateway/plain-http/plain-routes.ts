/** What is served over plain HTTP beside pages: callbacks of payment providers, and tables as CSV. */
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import type { Gate } from '../admission/admit.ts';
import type { RateLimiter } from '../admission/rate-limit.ts';
import { pathOf } from '../edge/rpc-handler.ts';
import type { needs } from '../needs.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import { createCallbackHandler } from './callback-handler.ts';
import { createExportHandler, exportPaths } from './export-handler.ts';

/** What the routes work with. */
export type PlainRouteOptions = {
  gate: Gate;
  rateLimiter: RateLimiter;
  trustForwardedFor: boolean;
  /** Answers every other path. */
  fallback: RequestHandler;
};

const callbackPath = /^\/webhooks\/payments\/([a-z0-9-]{1,32})$/;

/** Chooses by path. */
export function createPlainRoutes(
  { clientOf, logger }: Pick<AppOf<typeof needs>, 'clientOf' | 'logger'>,
  options: PlainRouteOptions,
): RequestHandler {
  const answerCallback = createCallbackHandler({ ...options, ledger: clientOf(LedgerInternalService), logger });
  const answerExport = createExportHandler({ ...options, ledger: clientOf(LedgerService), logger });
  return (request, response) => {
    const path = pathOf(request.url);
    const provider = callbackPath.exec(path)?.[1];
    if (provider !== undefined) answerCallback(provider, request, response);
    else if (exportPaths.has(path)) answerExport(path, request, response);
    else options.fallback(request, response);
  };
}
