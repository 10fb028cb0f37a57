/** What the handlers of the portfolio service work with. */
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { Database } from '#platform/postgres/database.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import type { AccountChanges } from './ledger/account-changes.ts';
import type { PriceHub } from './prices/price-hub.ts';
import type { StreamPlaces } from './valuation/stream-places.ts';

/** Made once by the server; tests may replace parts. */
export type PortfolioDeps = {
  db: Database;
  market: Pick<RpcClient<typeof MarketService>, 'listQuotes'>;
  prices: PriceHub;
  changes: AccountChanges;
  places: StreamPlaces;
  times: ValuationTimes;
};

/** The times of valuation streams and snapshots, in ms. */
export type ValuationTimes = StreamTimes & {
  /** How long a revaluation waits for the first price of a newly held symbol. */
  priceWaitMs: number;
  /** How long StreamPositions waits for the ledger's feed to be followed as far as it is asked for. */
  snapshotWaitMs: number;
};

/** Four messages a second, a heartbeat every 10 s, an end after 15 minutes. */
export const defaultTimes: ValuationTimes = {
  pauseMs: 250,
  heartbeatMs: 10_000,
  ageMaxMs: 15 * 60_000,
  priceWaitMs: 1_000,
  snapshotWaitMs: 10_000,
};
