import { randomUUID } from 'node:crypto';
import { createWake } from '#platform/concurrency/wake.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { within } from '#platform/time/within.ts';
import type { Bus } from './bus.ts';
import { onOutboxCommit } from './outbox.ts';
import { type BacklogReport, createBacklogReport, type OutboxBacklog, readBacklog } from './outbox-backlog.ts';
import { endOutboxTurn, takeOutboxPage } from './outbox-page.ts';
import { startRetention } from './retention.ts';

export type { OutboxBacklog } from './outbox-backlog.ts';

const pageSizeMax = 1_000;
const pollMs = 5_000;
const flushTimeoutMs = 5_000;
const defaultGatherMs = 150;
/** While pages are full, the backlog is counted this often. */
const countIntervalMs = 1_000;

/** The running relay. `backlog` is at most a few seconds old. Disposing it publishes what is left, for up to 5 s. */
export type OutboxRelay = AsyncDisposable & { backlog(): OutboxBacklog };

type RelayOptions = {
  db: Database;
  bus: Bus;
  logger: Logger;
  metrics?: Metrics;
  /** How long a relay waits after a commit, and between pages that are not full, so that what waits goes together; default 150 ms. */
  gatherMs?: number;
  /** Whether this process may publish now; a canary only counts what waits. Default always. */
  mayWork?: () => boolean;
};

/**
 * Publishes the outbox in pages and deletes what the bus has accepted. Any number of replicas may run it: they take turns, so events leave
 * in the order of their sequences, one page at a time. After a crash between publishing and deleting the same ids are published again,
 * which changes nothing. Woken by this process's commits; looks every 5 s for what another process has left. Also enforces the retention of
 * the platform's own tables.
 */
export function startOutboxRelay(options: RelayOptions): OutboxRelay {
  const { db, logger, gatherMs = defaultGatherMs, mayWork = () => true } = options;
  const closing = new AbortController();
  const wake = createWake();
  const stopWaking = onOutboxCommit(() => wake.raise());
  const backlog = createBacklogReport(options.metrics);
  const drain = createDrain(options, backlog, wake.clear);

  const look = async (isCommit: boolean) => {
    if (isCommit) await pause(mayWork() ? gatherMs : countIntervalMs, closing.signal);
    if (!isCommit || !mayWork()) backlog.set(await readBacklog(db));
    if (mayWork() && (isCommit || backlog.current().events > 0)) await drain(() => pause(gatherMs, closing.signal));
  };
  const run = async () => {
    // What an earlier process has left is looked for at once.
    for (let failures = 0, isCommit = false; !closing.signal.aborted; ) {
      try {
        await look(isCommit);
        failures = 0;
        if (!closing.signal.aborted) isCommit = await wake.wait(pollMs);
      } catch (error) {
        isCommit = false;
        logger.warn({ error, failures }, 'events wait in the outbox: they cannot be published at the moment');
        await pause(backoffMs(failures++, 100, 5_000), closing.signal);
      }
    }
  };

  const running = run();
  const retention = startRetention({ db, logger, mayWork });
  return {
    backlog: backlog.current,
    async [Symbol.asyncDispose]() {
      closing.abort();
      stopWaking();
      wake.raise();
      await running;
      await retention[Symbol.asyncDispose]();
      await within(
        flushTimeoutMs,
        drain(async () => {}),
      ).catch((error) => logger.warn({ error }, 'events stay in the outbox until the next start'));
    },
  };
}

/**
 * Publishes page after page until nothing is left or it is another relay's turn; when that fails, it may be another's. `gather` runs between
 * pages that are not full.
 */
function createDrain(
  { db, bus, mayWork = () => true }: RelayOptions,
  backlog: BacklogReport,
  onRead: () => void,
): (gather: () => Promise<void>) => Promise<void> {
  const relay = randomUUID();
  let accepted: bigint[] = [];
  let countTimeMs = 0;
  const count = async () => {
    if (performance.now() - countTimeMs < countIntervalMs) return;
    const current = await readBacklog(db);
    // The rows that the bus has are deleted by the next read.
    backlog.set({ ...current, events: Math.max(0, current.events - accepted.length) });
    countTimeMs = performance.now();
  };
  const publishAll = async (gather: () => Promise<void>) => {
    for (;;) {
      onRead();
      const goesOn = mayWork();
      // One that may not go on only deletes what the bus has, which ends its turn.
      const page = await takeOutboxPage(db, { relay, accepted, limit: goesOn ? pageSizeMax : 0 });
      accepted = [];
      if (page === undefined || !goesOn) return count();
      if (page.length > 0) await bus.publish(page.map(({ event }) => event));
      accepted = page.map(({ sequence }) => sequence);
      if (page.length === pageSizeMax) await count();
      else backlog.set({ events: 0, oldestAgeMs: 0 });
      if (page.length === 0) return;
      if (page.length < pageSizeMax) await gather();
    }
  };
  return async (gather) => {
    try {
      await publishAll(gather);
    } catch (error) {
      await endOutboxTurn(db, relay).catch(() => {});
      throw error;
    }
  };
}
