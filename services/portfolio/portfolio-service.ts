/** Binds every RPC of the portfolio service to its handler. */
import { PortfolioInternalService, PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import { getPortfolio } from './handlers/get-portfolio.ts';
import { listRealizedGains } from './handlers/list-realized-gains.ts';
import { streamPositions } from './handlers/stream-positions.ts';
import { streamValuation } from './handlers/stream-valuation.ts';
import type { PortfolioDeps } from './portfolio-deps.ts';

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
