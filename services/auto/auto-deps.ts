/** What the parts of the auto service work with. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import type { Notifier } from '#platform/concurrency/notifier.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { SymbolCheck } from './callees/symbol-check.ts';

/** Made once by the server; tests may replace the clock. */
export type AutoDeps = {
  db: Database;
  orders: RpcClient<typeof OrderInternalService>;
  market: RpcClient<typeof MarketService>;
  symbols: SymbolCheck;
  /** Told when a run is to be carried out. */
  notifier: Notifier;
  /** Unix milliseconds. */
  now: () => number;
};
