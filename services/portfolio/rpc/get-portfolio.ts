import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetPortfolioRequest, GetPortfolioResponseSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { fetchPrices } from '../clients/fetch-prices.ts';
import type { PortfolioDeps } from '../deps.ts';
import { heldSymbols, value } from '../domain/valuation.ts';
import { readHoldings } from '../store/read-holdings.ts';
import { portfolioMessage } from './messages/portfolio.ts';

/** Holdings of an account at the market's last prices. An account for which nothing was ever booked has an empty portfolio. */
export async function getPortfolio(
  { db, market }: PortfolioDeps,
  request: GetPortfolioRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetPortfolioResponseSchema>> {
  const accountId = resolveAccountId(context, request.accountId);
  const holdings = await readHoldings(db, accountId);
  const prices = await fetchPrices(market, heldSymbols(holdings), context.signal);
  const valuation = value(holdings, (symbol) => prices.get(symbol));
  return { portfolio: portfolioMessage(accountId, holdings, valuation) };
}
