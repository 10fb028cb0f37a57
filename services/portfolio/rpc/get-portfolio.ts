import type { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { fetchPrices } from '../clients/fetch-prices.ts';
import type { PortfolioDeps } from '../deps.ts';
import { heldSymbols, value } from '../domain/valuation.ts';
import { readHoldings } from '../store/read-holdings.ts';
import { portfolioMessage } from './messages/portfolio.ts';

/** GetPortfolio. An account that nothing was ever booked for has an empty portfolio. */
export function getPortfolio(deps: PortfolioDeps): Implementation<typeof PortfolioService>['getPortfolio'] {
  return async (request, context) => {
    const accountId = resolveAccountId(context, request.accountId);
    const holdings = await readHoldings(deps.db, accountId);
    const prices = await fetchPrices(deps.market, heldSymbols(holdings), context.signal);
    const valuation = value(holdings, (symbol) => prices.get(symbol));
    return { portfolio: portfolioMessage(accountId, holdings, valuation) };
  };
}
