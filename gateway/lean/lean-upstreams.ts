/** The RPCs that the lean handler answers: placing and cancelling, and the reads of an order screen. */
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { forwardBytes, type Upstream } from '../forward/forward-bytes.ts';
import type { needs } from '../needs.ts';
import { placeInGroups } from '../placing/place-orders.ts';

const { placeOrder, cancelOrder, getOrder, listOrders, listFills } = OrderService.method;

/** Passed on one by one, as by every other handler. */
const forwarded: [DescService, DescMethod[]][] = [
  [OrderService, [cancelOrder, getOrder, listOrders, listFills]],
  [LedgerService, [LedgerService.method.getBalances]],
  [PortfolioService, [PortfolioService.method.getPortfolio]],
  [MarketService, [MarketService.method.listQuotes]],
];

/** Where each of them goes. */
export function leanUpstreams({ clientOf, metrics, logger }: AppOf<typeof needs>): Map<DescMethod, Upstream> {
  const upstreams = new Map<DescMethod, Upstream>();
  for (const [service, methods] of forwarded) {
    const client = clientOf(service);
    for (const method of methods) upstreams.set(method, forwardBytes(client, method));
  }
  const [internal, orders] = [clientOf(OrderInternalService), clientOf(OrderService)];
  upstreams.set(placeOrder, placeInGroups({ internal, orders, metrics, logger }));
  return upstreams;
}
