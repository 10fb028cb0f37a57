/** The exchange as a running service: what it is made of, and in which order it starts and ends. */
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { RpcLimits } from '#platform/rpc/limits.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeConfig } from './config.ts';
import type { ExchangeDeps } from './exchange-deps.ts';
import { exchangeBindings } from './exchange-service.ts';
import type { SequencerLimits } from './shard/sequencer.ts';
import { holdShard } from './shard/shard-holder.ts';
import type { Term } from './shard/term.ts';

/** Parts that tests replace. */
export type ExchangeOverrides = {
  nowMs?: () => number;
  limits?: Partial<SequencerLimits>;
  rpcLimits?: Partial<RpcLimits>;
};

/** The running exchange; it ends with its app. */
export type RunningExchange = {
  port: number;
  deps: ExchangeDeps;
  /** Resolves when all shards are held; rejects when a journal cannot be trusted. */
  held: Promise<void>;
  /** Rejects when a journal cannot be trusted; resolves when the app has ended. */
  ended: Promise<void>;
};

// The journal's writer and the lease: an append must not wait for a follower that reads history.
const writerPoolMax = 3;

/**
 * Starts the exchange inside the app. It answers at once, with UNAVAILABLE until it holds its shards; the app is ready as long as
 * it holds them all.
 */
export async function createExchangeService(
  app: ServiceApp,
  config: ExchangeConfig,
  overrides: ExchangeOverrides = {},
): Promise<RunningExchange> {
  const { logger, metrics, name, signal } = app;
  const { databaseUrl: url, databasePoolMax: poolMax, serviceTokenSecret } = app.config;
  const db = openDatabase({ url, applicationName: `${name} writer`, poolMax: writerPoolMax, logger, metrics });
  app.onDispose(db);
  const readDb = openDatabase({ url, applicationName: `${name} reader`, poolMax, logger, metrics });
  app.onDispose(readDb);
  await migrate(db, new URL('./store/migrations/', import.meta.url), { signal, logger });

  const allHeld = Promise.withResolvers<void>();
  const deps: ExchangeDeps = { shards: config.shards, holders: new Map() };
  const onChange = () => {
    const held = deps.holders.size === deps.shards.shards.length && [...deps.holders.values()].every((s) => s.held());
    app.health.setReady(held);
    if (held) allHeld.resolve();
  };
  const { nowMs = Date.now, limits, rpcLimits } = overrides;
  const holder = `${name} ${uuidV7()}`;
  for (const shard of deps.shards.shards) {
    const { leaseTtlMs, snapshots } = config;
    const held = holdShard({ db, readDb, shard, holder, leaseTtlMs, snapshots, nowMs, logger, limits, onChange });
    deps.holders.set(shard, held);
    app.onDispose(held);
  }
  measure(metrics, deps);
  // No person calls the exchange: it knows no keys for user tokens.
  const authenticator = createAuthenticator({ serviceTokenSecret, fetchJwks: async () => ({ keys: [] }) });
  const server = await serveRpc(app, { bindings: exchangeBindings(deps), authenticator, limits: rpcLimits });
  const ended = Promise.all([...deps.holders.values()].map((shard) => shard.ended)).then(() => {});
  ended.catch(allHeld.reject);
  allHeld.promise.catch(() => {});
  return { port: server.port, deps, held: allHeld.promise, ended };
}

function measure(metrics: Metrics, { holders }: ExchangeDeps): void {
  const readings = {
    outcry_exchange_feed_sequence: ['Sequence of the last committed event.', (t: Term) => t.head().sequence],
    outcry_exchange_resting_orders: ['Orders that rest in the books.', (t: Term) => t.head().restingCount],
    outcry_exchange_snapshot_sequence: ['Sequence of the newest snapshot; 0: none.', (t: Term) => t.snapshots.sequence],
    outcry_exchange_followers: ['Followers of the feed.', (t: Term) => t.feed.followerCount],
    outcry_exchange_queue_length_commands: ['Commands that wait for the book.', (t: Term) => t.queueLength()],
  } as const;
  for (const [name, [help, read]] of Object.entries(readings)) {
    metrics.gauge({
      name,
      help,
      labels: ['shard'],
      collect: (gauge) => {
        gauge.reset();
        for (const [shard, holder] of holders) if (holder.held()) gauge.labels(String(shard)).set(read(holder.term()));
      },
    });
  }
}
