/** Binds every RPC of the portfolio service to its handler. */
import { PortfolioInternalService, PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import type { PortfolioDeps } from '../deps.ts';
import { getPortfolio } from './get-portfolio.ts';
import { listRealizedGains } from './list-realized-gains.ts';
import { streamPositions } from './stream-positions.ts';
import { streamValuation } from './stream-valuation.ts';

/** The proto services of `outcry.portfolio.v1`. */
export function bindPortfolioServices(deps: PortfolioDeps): ServiceBinding[] {
  return [
    implement(PortfolioService, {
      getPortfolio: getPortfolio(deps),
      listRealizedGains: listRealizedGains(deps),
      streamValuation: streamValuation(deps),
    }),
    implement(PortfolioInternalService, { streamPositions: streamPositions(deps) }),
  ];
}
