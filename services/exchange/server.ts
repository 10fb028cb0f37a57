/** Composes the exchange: its parts, and the order in which they start and end. */
import { hostname } from 'node:os';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { ConfigError } from '#platform/config/env.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import type { RpcLimits } from '#platform/rpc/limits.ts';
import type { ExchangeConfig } from './config.ts';
import type { ExchangeDeps } from './deps.ts';
import type { needs } from './needs.ts';
import { handOver } from './replication/hand-over.ts';
import { Peers } from './replication/peers.ts';
import { PendingCalls } from './replication/pending-calls.ts';
import type { SequencerLimits } from './replication/sequencer-limits.ts';
import { registerShardMetrics } from './replication/shard-metrics.ts';
import { ShardReplica } from './replication/shard-replica.ts';
import { watchLeader } from './replication/watch-leader.ts';
import { exchangeBindings } from './rpc/bindings.ts';

const leaseStatementMsMin = 1_000;

/** Parts that tests replace. */
export type ExchangeOverrides = {
  /** The machine's clock. */
  nowMs?: () => number;
  limits?: Partial<SequencerLimits>;
  rpcLimits?: Partial<RpcLimits>;
};

/** The running exchange; it ends with its app. */
export type RunningExchange = {
  port: number;
  deps: ExchangeDeps;
  /** Resolves once every shard is served or followed; rejects when a journal cannot be trusted. */
  built: Promise<void>;
  /** Resolves once every shard that this process may serve is served here; rejects when a journal cannot be trusted. */
  served: Promise<void>;
  /** Rejects when a journal cannot be trusted; resolves when the app has ended. */
  ended: Promise<void>;
};

/**
 * Starts the exchange inside the app. It accepts calls at once: each waits within its deadline until its shard is served somewhere. The
 * app is ready while it serves or follows every shard.
 */
export async function createExchangeService(
  app: AppOf<typeof needs>,
  config: ExchangeConfig,
  overrides: ExchangeOverrides = {},
): Promise<RunningExchange> {
  if (app.role.isSwitched) throw new ConfigError(['OUTCRY_ROLE_FILE is not for the exchange: its canary is a standby']);
  // The app's own pool is the journal's writer's: an append must not wait for reads of older events.
  const { db, authenticator, logger, metrics, name, signal } = app;
  const { databaseUrl: url, databasePoolMax: poolMax, serviceKeys, host } = app.config;
  const readDb = openDatabase({ url, applicationName: `${name} reader`, poolMax, logger, metrics });
  app.onDispose(readDb);
  const { shards, leaseTtlMs, snapshots } = config;
  const leaseDb = openDatabase({
    ...{ url, applicationName: `${name} lease`, logger, metrics },
    // A renewal that gets no answer must not keep the next one waiting.
    poolMax: shards.shards.length + 2,
    statementTimeoutMs: Math.max(leaseTtlMs, leaseStatementMsMin),
  });
  app.onDispose(leaseDb);

  const peers = new Peers(createServiceTokenSource(name, serviceKeys));
  app.onDispose(peers);
  const self = { name: `${name} ${uuidV7()}`, address: config.advertisedAddress ?? '' };
  const deps: ExchangeDeps = {
    ...{ shards, replicas: new Map(), self, peers, readDb },
    pendingCalls: new PendingCalls(),
    watchers: new Map(),
  };
  const { nowMs = Date.now, limits, rpcLimits } = overrides;
  const { clock } = app;
  // Before the server's own drain, which ends the streams by which standbys are known.
  app.onDrain(() => handOverAll(deps, app));
  const server = await serveRpc(app, { bindings: exchangeBindings(deps), authenticator, limits: rpcLimits });
  self.address ||= `${reachableHost(host)}:${server.port}`;

  const allServed = Promise.withResolvers<void>();
  const onChange = () => {
    const replicas = [...deps.replicas.values()];
    if (replicas.length < shards.shards.length) return;
    app.health.setReady(replicas.every(({ state }) => state !== 'rebuilding'));
    if (replicas.every(({ state }) => state === 'serving' || state === 'forwarding')) allServed.resolve();
  };
  for (const shard of shards.shards) {
    const takesPart = config.processShards.includes(shard);
    const own = { shard, takesPart, leaseTtlMs, snapshots };
    const replica = new ShardReplica({ db, readDb, leaseDb, self, ...own, nowMs, clock, logger, limits, onChange });
    deps.replicas.set(shard, replica);
    app.onDispose(replica);
    if (takesPart) joinOnShutdown(app, watchLeader(deps, replica, signal));
  }
  registerShardMetrics(metrics, deps);
  const replicas = [...deps.replicas.values()];
  const built = Promise.all(replicas.map((replica) => replica.built)).then(() => {});
  const ended = Promise.all(replicas.map((replica) => replica.ended)).then(() => {});
  built.catch(() => {});
  ended.catch(allServed.reject);
  allServed.promise.catch(() => {});
  return { port: server.port, deps, built, served: allServed.promise, ended };
}

/** The name by which other processes reach the host that this one listens on. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname();
  return host.includes(':') ? `[${host}]` : host;
}

/** Hands all served shards over to standbys before the process ends; without a standby the next process finds the lease free. */
async function handOverAll(deps: ExchangeDeps, { logger }: ServiceApp): Promise<void> {
  const served = [...deps.replicas.values()].filter(({ state }) => state === 'serving');
  await Promise.all(
    served.map(({ shard }) =>
      handOver(deps, shard, '').catch((error) => logger.info({ error, shard }, 'the shard could not be handed over')),
    ),
  );
}
