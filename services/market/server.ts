/** The market as a running service: what it is made of, and in which order it starts and ends. */
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import { createClientFactory } from '#platform/lifecycle/open-clients.ts';
import { openOwnDatabase } from '#platform/lifecycle/open-database.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { defaultStreamTimes, type StreamTimes } from '#platform/stream/serve-stream.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { keepListed } from './keep-listed.ts';
import { marketBindings } from './market-service.ts';
import { followExchange } from './view/follow-exchange.ts';
import { keepHistory, refreshHistory } from './view/keep-history.ts';
import { createMarketView, type MarketView } from './view/market-view.ts';
import { runWriter } from './writer/run-writer.ts';

/** What a market is started with. */
export type MarketOptions = {
  authenticator: Authenticator;
  exchangeAddress: string;
  /** Shards of the exchange. */
  shards: number[];
  /** Tests shorten it. */
  streamTimes?: StreamTimes;
};

/** The running market; it ends with its app. */
export type MarketServer = { port: number };

type Parts = {
  db: Database;
  catalogue: Catalogue;
  view: MarketView;
  exchange: RpcClient<typeof ExchangeService>;
  feed: RpcClient<typeof ExchangeFeedService>;
};

/**
 * Waits for its database, then answers; it is ready once the books of every shard have been seen. The exchange may come later, and
 * may go: then nothing moves until it is back.
 */
export async function createMarketService(app: ServiceApp, options: MarketOptions): Promise<MarketServer> {
  const { shards, streamTimes = defaultStreamTimes } = options;
  const parts = await openParts(app, options);
  const { db, catalogue, view, exchange } = parts;
  const built = new Set<number>();
  const isBuilt = () => built.size === shards.length;
  const bindings = marketBindings({ db, catalogue, view, exchange, isBuilt, streamTimes });
  const server = await serveRpc(app, { bindings, authenticator: options.authenticator });
  const onBuilt = (shard: number) => {
    if (!isBuilt() && built.add(shard).size === shards.length) app.ready();
  };
  joinOnShutdown(
    app,
    keepListed({ exchange, catalogue, view, isBuilt, signal: app.signal, logger: app.logger }),
    ...shards.flatMap((shard) => runShard(app, parts, shard, () => onBuilt(shard))),
  );
  return { port: server.port };
}

async function openParts(app: ServiceApp, { exchangeAddress, shards }: MarketOptions): Promise<Parts> {
  const { logger, metrics } = app;
  const db = await openOwnDatabase(app, new URL('./store/migrations/', import.meta.url));
  const catalogue = createCatalogue(db);
  await catalogue.load();
  const clientOf = createClientFactory(app);
  const exchange = clientOf(ExchangeService, exchangeAddress);
  const feed = clientOf(ExchangeFeedService, exchangeAddress);
  const view = createMarketView({
    onListed: (symbol) => {
      // Another replica has added it: its row was committed before its book was opened.
      if (catalogue.get(symbol) !== undefined) return;
      catalogue.load().catch((error: unknown) => logger.warn({ error }, 'the catalogue could not be read again'));
    },
  });
  metrics.gauge({
    name: 'outcry_market_feed_sequence',
    help: 'Feed sequence at which this replica shows the books of a shard.',
    labels: ['shard'],
    collect: (gauge) => {
      for (const shard of shards) gauge.set({ shard: String(shard) }, Number(view.head(shard)?.sequence ?? 0n));
    },
  });
  return { db, catalogue, view, exchange, feed };
}

/** The followers of one shard. */
function runShard(
  { signal, logger, metrics, name }: ServiceApp,
  { db, view, exchange, feed }: Parts,
  shard: number,
  onBuilt: () => void,
): Promise<void>[] {
  const common = { shard, signal, logger, metrics };
  const history = { db, view, ...common };
  const onRebuilt = async () => {
    // Without the history the quotes lack their 24-hour figures; that is no reason to have no quotes.
    await refreshHistory(history).catch((error: unknown) => logger.warn({ error }, 'the history could not be read'));
    onBuilt();
  };
  return [
    followExchange({ ...common, feed, view, onRebuilt }),
    keepHistory(history),
    runWriter({ ...common, db, exchange, feed, holder: `${name} ${uuidV7()}` }),
  ];
}
