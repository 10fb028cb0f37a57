import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import type { Notifier } from '#platform/concurrency/notifier.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { SymbolCheck } from './clients/symbol-check.ts';

/** What auto is made of. */
export type AutoDeps = {
  db: Database;
  orders: RpcClient<typeof OrderInternalService>;
  market: RpcClient<typeof MarketService>;
  requireListed: SymbolCheck;
  /** Notified when a run becomes due. */
  notifier: Notifier;
  /** Notified when a trade has reached a price trigger. */
  reachedNotifier: Notifier;
  /** The market's time, Unix milliseconds. */
  nowMs: () => number;
};
