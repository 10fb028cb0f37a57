import type { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { serveStream } from '#platform/stream/serve-stream.ts';
import type { PortfolioDeps } from '../portfolio-deps.ts';
import type { ValuationMessage } from '../valuation/valuation-source.ts';
import { valuationSource } from '../valuation/valuation-source.ts';

/** StreamValuation. Neither the market's absence nor the ledger's ends it: what is known stands until there is more. */
export function streamValuation(deps: PortfolioDeps): Implementation<typeof PortfolioService>['streamValuation'] {
  return async function* (_request, context): AsyncGenerator<ValuationMessage> {
    const accountId = requireUser(context).userId;
    const { signal, logger } = context;
    let ledgerSequence = 0n;
    const onHoldings = (sequence: bigint) => {
      ledgerSequence = sequence;
    };
    using _place = deps.places.take(accountId);
    yield* serveStream(valuationSource(deps, { accountId, logger, onHoldings }), {
      ...deps.times,
      signal,
      heartbeat: () => ({ ledgerSequence, message: { case: 'heartbeat', value: {} } }),
      end: () => ({ ledgerSequence, message: { case: 'end', value: {} } }),
    });
  };
}
