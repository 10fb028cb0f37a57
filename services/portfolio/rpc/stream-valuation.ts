import type { StreamValuationRequest } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { PortfolioDeps } from '../deps.ts';
import { type ValuationMessage, valuationSource } from './streams/valuation-source.ts';

/** The caller's portfolio at each change. It stays open while market or ledger are away: the last message stands meanwhile. */
export async function* streamValuation(
  deps: PortfolioDeps,
  _request: StreamValuationRequest,
  context: CallContext,
): AsyncGenerator<ValuationMessage> {
  const accountId = requireUser(context).userId;
  const { signal, logger } = context;
  let ledgerSequence = 0n;
  const onHoldings = (sequence: bigint) => {
    ledgerSequence = sequence;
  };
  using _slot = deps.quota.acquire(accountId);
  yield* serveStream(valuationSource(deps, { accountId, logger, onHoldings }), {
    ...deps.times,
    signal,
    heartbeat: () => ({ ledgerSequence, message: { case: 'heartbeat', value: {} } }),
    end: () => ({ ledgerSequence, message: { case: 'end', value: {} } }),
  });
}
