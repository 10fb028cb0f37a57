/** The exchange as a running service: what it is made of, and in which order it starts and ends. */
import { hostname } from 'node:os';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createUserAuthenticator } from '#platform/lifecycle/open-clients.ts';
import { runWhileUp } from '#platform/lifecycle/run-while-up.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { RpcLimits } from '#platform/rpc/limits.ts';
import type { ExchangeConfig } from './config.ts';
import type { ExchangeDeps } from './replication/exchange-deps.ts';

import { handOver } from './replication/hand-over.ts';
import { Peers } from './replication/peers.ts';
import { WaitingRoom } from './replication/pending-calls.ts';
import type { SequencerLimits } from './replication/sequencer.ts';
import { measureExchange } from './replication/shard-metrics.ts';
import { ShardHolder } from './replication/shard-replica.ts';
import { watchHolder } from './replication/watch-leader.ts';
import { allBindings } from './rpc/standby-service.ts';

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
  /** Resolves when all shards are served or followed for the first time; rejects when a journal cannot be trusted. */
  built: Promise<void>;
  /** Resolves when all shards in which the process takes part are served here; rejects when a journal cannot be trusted. */
  held: Promise<void>;
  /** Rejects when a journal cannot be trusted; resolves when the app has ended. */
  ended: Promise<void>;
};

// The journal's writer and the lease: an append must not wait for a follower that reads history.
const writerPoolMax = 3;

/**
 * Starts the exchange inside the app. It answers at once: a call waits within its deadline until its shard is served somewhere. The
 * app is ready as long as it serves or closely follows each shard.
 */
export async function createExchangeService(
  app: ServiceApp,
  config: ExchangeConfig,
  overrides: ExchangeOverrides = {},
): Promise<RunningExchange> {
  const { logger, metrics, name, signal } = app;
  const { databaseUrl: url, databasePoolMax: poolMax, serviceTokenSecret, host } = app.config;
  const db = openDatabase({ url, applicationName: `${name} writer`, poolMax: writerPoolMax, logger, metrics });
  app.onDispose(db);
  const readDb = openDatabase({ url, applicationName: `${name} reader`, poolMax, logger, metrics });
  app.onDispose(readDb);
  await migrate(db, new URL('./store/migrations/', import.meta.url), { signal, logger });

  const peers = new Peers(createServiceTokenSource(name, serviceTokenSecret));
  app.onDispose(peers);
  const claimant = { holder: `${name} ${uuidV7()}`, address: config.advertisedAddress ?? '' };
  const { shards } = config;
  const deps: ExchangeDeps = {
    ...{ shards, holders: new Map(), claimant, peers },
    waitingRoom: new WaitingRoom(),
    watchers: new Map(),
  };
  const authenticator = config.userAddress
    ? createUserAuthenticator(app, config.userAddress)
    : createAuthenticator({ serviceTokenSecret, fetchJwks: async () => ({ keys: [] }) });
  const { nowMs = Date.now, limits, rpcLimits } = overrides;
  // Before the server's own drain, which ends the streams by which standbys are known.
  app.onDrain(() => handOverAll(deps, app));
  const server = await serveRpc(app, { bindings: allBindings(deps), authenticator, limits: rpcLimits });
  claimant.address ||= `${reachableHost(host)}:${server.port}`;

  const allHeld = Promise.withResolvers<void>();
  const onChange = () => {
    const holders = [...deps.holders.values()];
    if (holders.length < shards.shards.length) return;
    app.health.setReady(holders.every((holder) => holder.state !== 'rebuilding'));
    if (holders.every(({ state }) => state === 'serving' || state === 'passing on')) allHeld.resolve();
  };
  for (const shard of shards.shards) {
    const takesPart = config.processShards.includes(shard);
    const { leaseTtlMs, snapshots } = config;
    const own = { shard, takesPart, leaseTtlMs, snapshots };
    const holder = new ShardHolder({ db, readDb, claimant, ...own, nowMs, logger, limits, onChange });
    deps.holders.set(shard, holder);
    app.onDispose(holder);
    if (takesPart) runWhileUp(app, watchHolder(deps, holder, signal));
  }
  measureExchange(metrics, deps);
  const holders = [...deps.holders.values()];
  const built = Promise.all(holders.map((holder) => holder.built)).then(() => {});
  const ended = Promise.all(holders.map((holder) => holder.ended)).then(() => {});
  built.catch(() => {});
  ended.catch(allHeld.reject);
  allHeld.promise.catch(() => {});
  return { port: server.port, deps, built, held: allHeld.promise, ended };
}

/** The name by which others reach a host that is listened on. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname();
  return host.includes(':') ? `[${host}]` : host;
}

/** A process that ends gives its shards to its standbys; where there is none, the next one finds the lease free. */
async function handOverAll(deps: ExchangeDeps, { logger }: ServiceApp): Promise<void> {
  const served = [...deps.holders.values()].filter((holder) => holder.state === 'serving');
  await Promise.all(
    served.map(({ shard }) =>
      handOver(deps, shard, '').catch((error) => logger.info({ error, shard }, 'nobody to hand the shard over to')),
    ),
  );
}
