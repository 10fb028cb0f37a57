/** The exchange's two contracts and who answers each RPC. */
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type Implementation, implement, type ServiceBinding } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../replication/exchange-deps.ts';
import { cancelAll } from './cancel-all.ts';
import { follow } from './follow.ts';
import { getBooks } from './get-books.ts';
import { getOrderQueue } from './get-order-queue.ts';
import { getShard } from './get-shard.ts';
import { keepAlive } from './keep-alive.ts';
import { listSymbol } from './list-symbol.ts';
import { parseCancel, parseReplace, parseVoid } from './messages/parse-item.ts';
import { parseNewOrder, parseOrderList } from './messages/parse-order.ts';
import { PlainSubmit, readPlainSubmit } from './messages/plain-submit.ts';
import { runItems, runParsed } from './run-items.ts';
import { setTradingState } from './set-trading-state.ts';
import { splitSymbol } from './split-symbol.ts';

/** Binds the handlers to the contracts. */
export function exchangeBindings(deps: ExchangeDeps): ServiceBinding[] {
  const handlers: Implementation<typeof ExchangeService> = {
    submit: (request, context) => {
      const call = { deps, context, field: 'orders' };
      if (request instanceof PlainSubmit) return runParsed(call, request.parsed);
      return runItems({ ...call, items: request.orders, parse: parseNewOrder });
    },
    submitList: ({ lists }, context) =>
      runItems({ deps, context, field: 'lists', items: lists, parse: parseOrderList }),
    cancel: ({ items }, context) => runItems({ deps, context, field: 'items', items, parse: parseCancel }),
    replace: ({ items }, context) => runItems({ deps, context, field: 'items', items, parse: parseReplace }),
    void: ({ items }, context) => runItems({ deps, context, field: 'items', items, parse: parseVoid }),
    cancelAll: (request, context) => cancelAll(deps, request, context),
    listSymbol: (request, context) => listSymbol(deps, request, context),
    setTradingState: (request, context) => setTradingState(deps, request, context),
    splitSymbol: (request, context) => splitSymbol(deps, request, context),
    keepAlive: (request, context) => keepAlive(deps, request, context),
    getShard: (request) => getShard(deps, request),
  };
  const commands = implement(ExchangeService, handlers, { submit: readPlainSubmit });
  const feed = implement(ExchangeFeedService, {
    follow: (request, context) => follow(deps, request, context),
    getBooks: (request) => getBooks(deps, request),
    getOrderQueue: (request, context) => getOrderQueue(deps, request, context),
  });
  return [commands, feed];
}
