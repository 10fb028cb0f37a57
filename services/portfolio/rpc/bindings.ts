import { PortfolioAuditService } from '#gen/outcry/portfolio/v1/audit_pb.ts';
import { PortfolioInternalService, PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { PortfolioDeps } from '../deps.ts';
import { getLotMethod } from './get-lot-method.ts';
import { getPortfolio } from './get-portfolio.ts';
import { listLotSales } from './list-lot-sales.ts';
import { listLots } from './list-lots.ts';
import { listRealizedGains } from './list-realized-gains.ts';
import { readRows } from './read-rows.ts';
import { setLotMethod } from './set-lot-method.ts';
import { streamPositions } from './stream-positions.ts';
import { streamValuation } from './stream-valuation.ts';

/** The three proto services of the portfolio service over one set of dependencies. */
export function portfolioBindings(deps: PortfolioDeps): ServiceBinding[] {
  return [
    bindHandlers(PortfolioService, deps, {
      getPortfolio,
      listRealizedGains,
      listLots,
      listLotSales,
      getLotMethod,
      setLotMethod,
      streamValuation,
    }),
    bindHandlers(PortfolioInternalService, deps, { streamPositions }),
    bindHandlers(PortfolioAuditService, deps, { readRows }),
  ];
}
