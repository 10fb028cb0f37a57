/** The market as a running service. */
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { fixedClock } from '#platform/clock/clock.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { defaultStreamTimes, type StreamTimes } from '#platform/stream/serve-stream.ts';
import type { MarketConfig } from './config.ts';
import type { MarketDeps } from './deps.ts';
import { followExchange } from './feed/follow-exchange.ts';
import { recordTrades } from './feed/record-trades.ts';
import { deleteExpiredRows } from './jobs/delete-expired-rows.ts';
import { driveDays } from './jobs/drive-days.ts';
import { listMissingInstruments } from './jobs/list-missing-instruments.ts';
import { noteAuctionEnds } from './jobs/note-auction-ends.ts';
import { recordQuotes } from './jobs/record-quotes.ts';
import { refreshHistories, refreshHistory } from './jobs/refresh-history.ts';
import type { needs } from './needs.ts';
import { marketBindings } from './rpc/bindings.ts';
import { createCatalogue } from './view/catalogue.ts';
import { createMarketView, type MarketView } from './view/market-view.ts';
import { measureView } from './view/measure-view.ts';
import { sampleQuotes } from './view/quote-sampler.ts';

/** Parts that tests replace. */
export type MarketOverrides = { streamTimes?: StreamTimes; nowMs?: () => number };

/** The running market; it ends with its app. */
export type MarketServer = { port: number };

/**
 * Answers at once, and is ready when the books of every shard have been seen. The exchange may come later, and may go: then no price
 * changes until it is back.
 */
export async function createMarketService(
  app: AppOf<typeof needs>,
  { shards, streamAgeMaxMs }: MarketConfig,
  { streamTimes = { ...defaultStreamTimes, ageMaxMs: streamAgeMaxMs }, nowMs: machineMs }: MarketOverrides = {},
): Promise<MarketServer> {
  const { db, logger } = app;
  const clock = machineMs === undefined ? app.clock : fixedClock(machineMs);
  const { nowMs } = clock;
  const { clockFile } = app.config;
  const built = new Set<number>();
  const catalogue = createCatalogue(db);
  await catalogue.load();
  const view = createMarketView({
    onListed: (symbol) => {
      // Another replica has added it: its row was committed before its book was opened.
      if (catalogue.get(symbol) !== undefined) return;
      catalogue.load().catch((error: unknown) => logger.warn({ error }, 'the catalogue could not be read again'));
    },
  });
  const exchange = app.clientOf(ExchangeService);
  const feed = app.clientOf(ExchangeFeedService);
  const isBuilt = () => built.size === shards.length;
  const streams = { streamTimes, openStreams: new Map(), ...measureView(app.metrics, view, shards) };
  const deps: MarketDeps = { db, catalogue, view, exchange, isBuilt, ...streams, clock, clockFile };
  const server = await serveRpc(app, { bindings: marketBindings(deps), authenticator: app.authenticator });
  const onBuilt = (shard: number) => {
    if (!isBuilt() && built.add(shard).size === shards.length) app.ready();
  };
  const { metrics } = app;
  const holder = `${app.name} ${uuidV7()}`;
  const start = (signal: AbortSignal) => [
    listMissingInstruments({ exchange, catalogue, view, isBuilt, signal, logger }),
    deleteExpiredRows({ db, nowMs, signal, logger }),
    driveDays({ ...deps, holder, signal, logger }),
    recordQuotes({ db, sample: () => sampleQuotes(view), clock, holder, signal, logger }),
    ...shards.map((shard) => recordTrades({ db, feed, holder, shard, signal, logger, metrics })),
  ];
  joinOnShutdown(
    app,
    inRole(app, start),
    noteAuctionEnds({ ...deps, signal: app.signal, logger }),
    ...shards.flatMap((shard) => viewShard(app, { view, feed, nowMs, shard, onBuilt: () => onBuilt(shard) })),
  );
  return { port: server.port };
}

/** The view that this replica, a canary too, has of one shard. */
function viewShard(
  { db, signal, logger, metrics }: AppOf<typeof needs>,
  options: {
    view: MarketView;
    feed: RpcClient<typeof ExchangeFeedService>;
    nowMs: () => number;
    shard: number;
    onBuilt: () => void;
  },
): Promise<void>[] {
  const { view, feed, nowMs, shard, onBuilt } = options;
  const common = { shard, signal, logger, metrics };
  const history = { db, view, nowMs, ...common };
  const onRebuilt = async () => {
    // Without the history the quotes lack their 24-hour figures; that is no reason to have no quotes.
    await refreshHistory(history).catch((error: unknown) => logger.warn({ error }, 'the history could not be read'));
    onBuilt();
  };
  return [followExchange({ ...common, feed, view, onRebuilt }), refreshHistories(history)];
}
