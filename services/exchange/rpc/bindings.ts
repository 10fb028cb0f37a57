import { ExchangeAdminService } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { ExchangeStandbyService } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { type Implementation, implement, type ServiceBinding } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../replication/exchange-deps.ts';
import { routeCalls } from '../replication/route-calls.ts';
import { cancel } from './cancel.ts';
import { cancelAll } from './cancel-all.ts';
import { follow } from './follow.ts';
import { getBooks } from './get-books.ts';
import { getOrderQueue } from './get-order-queue.ts';
import { getProgress } from './get-progress.ts';
import { getShard } from './get-shard.ts';
import { getStandbys } from './get-standbys.ts';
import { handover } from './handover.ts';
import { keepAlive } from './keep-alive.ts';
import { listSymbol } from './list-symbol.ts';
import { readPlainSubmit } from './messages/plain-submit.ts';
import { replace } from './replace.ts';
import { resume } from './resume.ts';
import { setTradingState } from './set-trading-state.ts';
import { splitSymbol } from './split-symbol.ts';
import { submit } from './submit.ts';
import { submitList } from './submit-list.ts';
import { voidOrders } from './void.ts';
import { watch } from './watch.ts';

/**
 * Binds the handlers to the exchange's four contracts. Calls of the first three are routed to the process that serves their shard;
 * those of the standby service are for the process that is called.
 */
export function exchangeBindings(deps: ExchangeDeps): ServiceBinding[] {
  const handlers: Implementation<typeof ExchangeService> = {
    submit: (request, context) => submit(deps, request, context),
    submitList: (request, context) => submitList(deps, request, context),
    cancel: (request, context) => cancel(deps, request, context),
    replace: (request, context) => replace(deps, request, context),
    void: (request, context) => voidOrders(deps, request, context),
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
  const admin = implement(ExchangeAdminService, {
    getStandbys: (request) => getStandbys(deps, request),
    handover: (request) => handover(deps, request),
  });
  const standby = implement(ExchangeStandbyService, {
    watch: (request, context) => watch(deps, request, context),
    getProgress: (request) => getProgress(deps, request),
    resume: (request, context) => resume(deps, request, context),
  });
  return [...routeCalls([commands, feed, admin], deps), standby];
}
