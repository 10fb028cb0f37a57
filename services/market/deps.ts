import type { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { Clock } from '#platform/clock/clock.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import type { OpenStreams } from './rpc/streams/open-streams.ts';
import type { Catalogue } from './view/catalogue.ts';
import type { MarketView } from './view/market-view.ts';
import type { Conflations } from './view/measure-view.ts';

/** What the market is made of. */
export type MarketDeps = Conflations & {
  db: Database;
  catalogue: Catalogue;
  view: MarketView;
  exchange: Pick<RpcClient<typeof ExchangeService>, 'listSymbol' | 'setTradingState'>;
  /** Whether every shard's books have been seen since the start. */
  isBuilt: () => boolean;
  streamTimes: StreamTimes;
  /** Streams that clients have named. */
  openStreams: OpenStreams;
  /** The market's clock, and the file by which it can be set; empty: it cannot. */
  clock: Clock;
  clockFile: string;
};
