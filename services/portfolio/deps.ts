import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { AccountNotices } from '#platform/postgres/account-notices.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import type { StreamQuota } from '#platform/stream/stream-quota.ts';
import type { PriceHub } from './clients/price-hub.ts';

/** What the handlers of the portfolio service work with. */
export type PortfolioDeps = {
  db: Database;
  market: Pick<RpcClient<typeof MarketService>, 'listQuotes'>;
  prices: PriceHub;
  /** Notices of accounts whose holdings have changed. */
  notices: AccountNotices;
  quota: StreamQuota;
  times: ValuationTimes;
  /** Unix milliseconds. */
  nowMs: () => number;
};

/** The times of valuation streams and snapshots, in ms. */
export type ValuationTimes = StreamTimes & {
  /** How long a revaluation waits for the first price of a newly held symbol. */
  priceWaitMs: number;
  /** How long StreamPositions waits until the ledger's feed is applied up to the requested sequence. */
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
