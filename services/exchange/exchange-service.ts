/** The exchange's two contracts and who answers each RPC. */
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Implementation, ServiceBinding } from '#platform/rpc/implementation.ts';
import { implement } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from './exchange-deps.ts';
import { cancelAll } from './handlers/cancel-all.ts';
import { follow } from './handlers/follow.ts';
import { getBooks } from './handlers/get-books.ts';
import { getOrderQueue } from './handlers/get-order-queue.ts';
import { getShard } from './handlers/get-shard.ts';
import { keepAlive } from './handlers/keep-alive.ts';
import { listSymbol } from './handlers/list-symbol.ts';
import { runItems, runParsed } from './handlers/run-items.ts';
import { setTradingState } from './handlers/set-trading-state.ts';
import { splitSymbol } from './handlers/split-symbol.ts';
import { parseCancel, parseReplace, parseVoid } from './wire/parse-item.ts';
import { parseNewOrder, parseOrderList } from './wire/parse-order.ts';
import { PlainSubmit, readPlainSubmit } from './wire/plain-submit.ts';

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
