import type { ExchangeFeedService, FollowResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import { readPosition } from '#platform/feed/position.ts';
import type { Database } from '#platform/postgres/database.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';
import type { FeedWriter } from '../events/feed-writer.ts';
import { readShard, saveEpoch } from '../store/shards.ts';
import { haltShard } from './halt-shard.ts';
import { settleEvents } from './settle-events.ts';
import { settleOrHalt } from './settle-or-halt.ts';

/** What settlement of one shard works with. */
export type FollowExchangeOptions = {
  db: Database;
  exchange: Pick<RpcClient<typeof ExchangeFeedService>, 'follow'>;
  feed: Pick<FeedWriter, 'append'>;
  shard: number;
  /** Names this process in the lease. */
  holder: string;
  logger: Logger;
  metrics: Metrics;
  /** Unix milliseconds. */
  now: () => number;
  /** Aborts to stop settling. */
  signal: AbortSignal;
  /** How long a silent holder keeps the lease, default 3 s. */
  leaseTtlMs?: number;
};

const eventsMax = 500;
const haltedPauseMs = 1_000;

/** The name under which the position in a shard's feed is kept. */
export function positionNameOf(shard: number): string {
  return `exchange.${shard}`;
}

/**
 * Settles a shard's feed whenever this process holds the shard's lease, until the signal aborts. A halted shard is held and
 * not settled until the halt is lifted.
 */
export async function followExchange(options: FollowExchangeOptions): Promise<void> {
  const { db, shard, holder, logger, signal, leaseTtlMs } = options;
  const name = `settlement.${shard}`;
  const gauges = createGauges(options);
  await holdLease({
    db,
    name,
    holder,
    ttlMs: leaseTtlMs,
    logger,
    signal,
    whileHeld: async (lease) => {
      try {
        while (!lease.signal.aborted) await followUntilHalt(options, name, lease, gauges);
      } finally {
        gauges.halted(false);
      }
    },
  });
}

type Gauges = ReturnType<typeof createGauges>;

async function followUntilHalt(
  options: FollowExchangeOptions,
  leaseName: string,
  lease: Lease,
  gauges: Gauges,
): Promise<void> {
  const { db, exchange, shard, logger, metrics } = options;
  const record = await readShard(db, shard);
  gauges.halted(record.halt !== undefined);
  if (record.halt) {
    logger.error({ shard, sequence: String(record.halt.sequence), cause: record.halt.cause }, 'settlement is halted');
    await pause(haltedPauseMs, lease.signal);
    return;
  }
  const halting = new AbortController();
  const follower = createFollower(options, { name: leaseName, token: lease.token }, () => halting.abort(), gauges);
  await followFeed<FollowResponse>({
    name: positionNameOf(shard),
    loadPosition: follower.loadPosition,
    open: (afterSequence, signal) => exchange.follow({ shard, afterSequence }, { signal }),
    apply: follower.apply,
    signal: AbortSignal.any([lease.signal, halting.signal]),
    logger,
    metrics,
  });
}

function createFollower(
  options: FollowExchangeOptions,
  lease: { name: string; token: bigint },
  onHalt: () => void,
  gauges: Gauges,
) {
  const { db, feed, shard, now } = options;
  const positionName = positionNameOf(shard);
  let position = 0n;
  let epoch: string | undefined;
  const halt = async (sequence: bigint, cause: string) => {
    await haltShard(db, shard, { sequence, cause });
    onHalt();
  };
  return {
    async loadPosition() {
      position = await readPosition(db, positionName);
      epoch = (await readShard(db, shard)).epoch;
      return position;
    },
    async apply(message: FollowResponse) {
      if (epoch === undefined && message.epoch !== '') {
        await saveEpoch(db, shard, message.epoch);
        epoch = message.epoch;
      }
      if (message.epoch !== (epoch ?? '')) return halt(position, 'the exchange has lost its history');
      for (let start = 0; start < message.events.length; start += eventsMax) {
        const run = message.events.slice(start, start + eventsMax);
        requireNext(run, position);
        const found = await settleOrHalt(run, (events) => settleEvents({ db, feed, positionName, lease, events, now }));
        if (found) return halt(found.sequence, found.cause);
        position = run.at(-1)?.sequence ?? position;
      }
      gauges.progress(position, message.headSequence);
    },
  };
}

/** A gap is never passed over: following begins again from the kept position. */
function requireNext(run: FollowResponse['events'], position: bigint): void {
  run.forEach((event, index) => {
    const expected = position + 1n + BigInt(index);
    if (event.sequence !== expected) throw new Error(`the feed sent event ${event.sequence} instead of ${expected}`);
  });
}

function createGauges({ metrics, shard }: FollowExchangeOptions) {
  const labels = ['shard'];
  const halted = metrics.gauge({
    name: 'outcry_ledger_settlement_halted',
    help: '1 while this process holds a shard that is halted.',
    labels,
  });
  const position = metrics.gauge({
    name: 'outcry_ledger_settlement_position',
    help: 'Position in the feed of the exchange up to which this process has settled.',
    labels,
  });
  const lag = metrics.gauge({
    name: 'outcry_ledger_settlement_lag_events',
    help: 'Events of the exchange that were committed and are not yet settled, as this process last heard.',
    labels,
  });
  halted.set({ shard }, 0);
  return {
    halted: (value: boolean) => halted.set({ shard }, value ? 1 : 0),
    progress(settled: bigint, head: bigint) {
      position.set({ shard }, Number(settled));
      lag.set({ shard }, Math.max(0, Number(head - settled)));
    },
  };
}
