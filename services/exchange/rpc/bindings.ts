import { ExchangeAdminService } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { ExchangeAuditService } from '#gen/outcry/exchange/v1/audit_pb.ts';
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { ExchangeStandbyService } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { routeCalls } from '../replication/route-calls.ts';
import { cancel } from './cancel.ts';
import { cancelAll } from './cancel-all.ts';
import { confirm } from './confirm.ts';
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
import { previewSubmit } from './preview-submit.ts';
import { readRows } from './read-rows.ts';
import { readTrails } from './read-trails.ts';
import { replace } from './replace.ts';
import { resume } from './resume.ts';
import { setTradingState } from './set-trading-state.ts';
import { splitSymbol } from './split-symbol.ts';
import { submit } from './submit.ts';
import { submitList } from './submit-list.ts';
import { voidOrders } from './void.ts';
import { watch } from './watch.ts';

/**
 * Binds the handlers to the exchange's five contracts. Calls of the first four are routed to the process that serves their shard;
 * those of the standby service are for the process that is called.
 */
export function exchangeBindings(deps: ExchangeDeps): ServiceBinding[] {
  const items = { submit, submitList, cancel, replace, void: voidOrders };
  const single = {
    cancelAll,
    listSymbol,
    setTradingState,
    splitSymbol,
    keepAlive,
    getShard,
    previewSubmit,
    readTrails,
  };
  const commands = bindHandlers(ExchangeService, deps, { ...items, ...single }, { submit: readPlainSubmit });
  const feed = bindHandlers(ExchangeFeedService, deps, { follow, confirm, getBooks, getOrderQueue });
  const audit = bindHandlers(ExchangeAuditService, deps, { readRows });
  const admin = bindHandlers(ExchangeAdminService, deps, { getStandbys, handover });
  const standby = bindHandlers(ExchangeStandbyService, deps, { watch, getProgress, resume });
  return [...routeCalls([commands, feed, audit, admin], deps), standby];
}
