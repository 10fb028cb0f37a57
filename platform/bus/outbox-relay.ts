import { createNotifier } from '#platform/concurrency/notifier.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import type { Bus, BusEvent } from './bus.ts';
import { onOutboxCommit } from './outbox.ts';
import { startRetention } from './retention.ts';

const eventsMax = 200;
const pollMs = 1_000;
const flushTimeoutMs = 5_000;
const countMax = 1_000_000;

/** Events of the outbox that the bus has not accepted yet. */
export type OutboxBacklog = { events: number; oldestAgeMs: number };

const emptyBacklog: OutboxBacklog = { events: 0, oldestAgeMs: 0 };

/** The running relay. `backlog` is at most a few seconds old. Disposing it publishes what is left, for up to 5 s. */
export type OutboxRelay = AsyncDisposable & { backlog(): OutboxBacklog };

/**
 * Publishes the outbox and deletes what the bus has accepted. Any number of replicas may run it: they take turns, so events
 * leave in the order of their sequences, one batch at a time. After a crash between publishing and deleting the same ids are
 * published again, which changes nothing. Woken by this process's commits; polls every second. Also enforces the
 * retention of the platform's own tables.
 */
export function startOutboxRelay(options: { db: Database; bus: Bus; logger: Logger; metrics?: Metrics }): OutboxRelay {
  const { db, bus, logger } = options;
  const closing = new AbortController();
  const notifier = createNotifier();
  const stopWaking = onOutboxCommit(() => notifier.notify());
  const gauges = createBacklogGauges(options.metrics);
  let backlog = emptyBacklog;

  const report = (current: OutboxBacklog) => {
    backlog = current;
    gauges(current);
  };
  const drain = async () => {
    while ((await relayBatch(db, bus)) === eventsMax) report(await readBacklog(db));
    report(emptyBacklog);
  };
  const look = async (cause: 'commit' | 'poll') => {
    if (cause === 'poll') report(await readBacklog(db));
    if (cause === 'commit' || backlog.events > 0) await drain();
  };
  const run = async () => {
    let cause: 'commit' | 'poll' = 'poll';
    for (let failures = 0; !closing.signal.aborted; ) {
      const idle = new AbortController();
      // Armed before the read, so that a commit during the read wakes it.
      const woken = notifier.wait(AbortSignal.any([idle.signal, closing.signal])).then(() => 'commit' as const);
      try {
        await look(cause);
        failures = 0;
        cause = await Promise.race([woken, pause(pollMs, idle.signal).then(() => 'poll' as const)]);
      } catch (error) {
        cause = 'poll';
        logger.warn({ error, failures }, 'events wait in the outbox: they cannot be published at the moment');
        await pause(backoffMs(failures++, 100, 5_000), closing.signal);
      } finally {
        idle.abort();
      }
    }
  };

  const running = run();
  const retention = startRetention({ db, logger });
  return {
    backlog: () => backlog,
    async [Symbol.asyncDispose]() {
      closing.abort();
      stopWaking();
      await running;
      await retention[Symbol.asyncDispose]();
      const flushed = new AbortController();
      await Promise.race([
        drain().catch((error) => logger.warn({ error }, 'events stay in the outbox until the next start')),
        pause(flushTimeoutMs, flushed.signal),
      ]);
      // Left running, the timer would keep a process that has stopped alive.
      flushed.abort();
    },
  };
}

type Row = {
  id: string;
  type: string;
  key: string;
  payload: Buffer;
  traceparent: string;
  create_time: Date;
  sequence: bigint;
};

async function relayBatch(db: Database, bus: Bus): Promise<number> {
  return db.transaction(async (tx) => {
    // The lock is waited for, not skipped: the relay that has it may have read before our commit and then go to sleep. The
    // commit need not wait for the disk: if a crash of the server undoes it, the events are published again.
    await tx.query(
      `SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(hashtextextended('outcry.outbox', 0))`,
    );
    const { rows } = await tx.query<Row>(
      `DELETE FROM platform.outbox
       WHERE sequence IN (SELECT sequence FROM platform.outbox ORDER BY sequence LIMIT $1)
       RETURNING id, type, key, payload, traceparent, create_time, sequence`,
      [eventsMax],
    );
    // Published before the deletion commits: a crash in between publishes again, it never loses.
    if (rows.length > 0) await bus.publish(rows.sort((a, b) => Number(a.sequence - b.sequence)).map(toBusEvent));
    return rows.length;
  });
}

function toBusEvent({ id, type, key, payload, traceparent, create_time }: Row): BusEvent {
  return { id, type, key, payload, traceparent, timeMs: create_time.getTime() };
}

async function readBacklog(db: Sql): Promise<OutboxBacklog> {
  const { rows } = await db.query<{ events: bigint; oldest_age_ms: number | null }>(
    `SELECT count(*) AS events, (extract(epoch FROM clock_timestamp() - min(create_time)) * 1000)::float8 AS oldest_age_ms
     FROM (SELECT create_time FROM platform.outbox ORDER BY sequence LIMIT $1) AS waiting`,
    [countMax],
  );
  return { events: Number(rows[0]?.events ?? 0), oldestAgeMs: Math.max(0, rows[0]?.oldest_age_ms ?? 0) };
}

function createBacklogGauges(metrics: Metrics | undefined): (backlog: OutboxBacklog) => void {
  const events = metrics?.gauge({ name: 'outcry_outbox_backlog_events', help: 'Events not yet on the bus.' });
  const age = metrics?.gauge({ name: 'outcry_outbox_oldest_age_seconds', help: 'Age of the oldest of them.' });
  return (backlog) => {
    events?.set(backlog.events);
    age?.set(backlog.oldestAgeMs / 1_000);
  };
}
