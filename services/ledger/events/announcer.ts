/** Wakes the streams of the other replicas when this one has appended to the feed. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';

/** The announcements of this replica. */
export type Announcer = AsyncDisposable & {
  /** Announces soon that there is something new. Never throws. */
  announce(): void;
};

/** How an announcer works. */
export type AnnouncerOptions = {
  db: Database;
  /** The channel that all replicas listen to. */
  channel: string;
  /** Called when another replica has appended, or may have. */
  onAnnounced: () => void;
  logger: Logger;
  /** Least time between two announcements, in ms; default 50. */
  pauseMs?: number;
  /** How long this replica believes to be the only one, in ms; default 10,000. */
  aloneMs?: number;
};

/**
 * Listens to the channel, and announces outside of the transactions that append, because inside it would make their commits queue up: one
 * announcement at a time, at most one each 50 ms, and none while no other replica listens. One that is lost, or that a replica which has just
 * come does not get, costs its streams a heartbeat.
 */
export async function createAnnouncer(options: AnnouncerOptions): Promise<Announcer> {
  const { db, channel, onAnnounced, logger, pauseMs = 50, aloneMs = 10_000 } = options;
  const self = uuidV7();
  let aloneUntilMs = 0;
  let heard = 0;
  const listening = await db.listen(channel, (sender) => {
    if (sender === self) return;
    // Another replica, or a connection that was lost: who listens is not known any more.
    aloneUntilMs = 0;
    heard += 1;
    onAnnounced();
  });
  const send = async () => {
    if (performance.now() < aloneUntilMs) return;
    const heardBefore = heard;
    const { rows } = await db.query<{ listeners: bigint }>(statement, [channel, self]);
    // None at all: the server does not say.
    if (rows[0]?.listeners === 1n && heard === heardBefore) aloneUntilMs = performance.now() + aloneMs;
  };
  const queue = createQueue(
    () => send().catch((error) => logger.debug({ error }, 'the feed was not announced')),
    pauseMs,
  );
  // Those that believe to be alone learn of this one.
  queue.request();
  return {
    announce: queue.request,
    async [Symbol.asyncDispose]() {
      queue[Symbol.dispose]();
      await listening[Symbol.asyncDispose]();
    },
  };
}

// The connections that listen have the name that all replicas give theirs, and no two of one replica have it.
const statement = `
  SELECT pg_notify($1, $2), (
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = current_setting('application_name') || ' listen'
  ) AS listeners`;

/** Runs `work` for any number of requests, one at a time and with pauses; what is requested meanwhile needs one more run. */
function createQueue(work: () => Promise<void>, pauseMs: number): Disposable & { request: () => void } {
  let timer: Timer | undefined;
  let busy = false;
  let again = false;
  let disposed = false;
  const run = async () => {
    busy = true;
    again = false;
    await work();
    if (disposed) return;
    timer = startTimer(pauseMs, () => {
      busy = false;
      if (again) void run();
    });
  };
  return {
    request() {
      again = true;
      if (!busy && !disposed) void run();
    },
    [Symbol.dispose]() {
      disposed = true;
      timer?.[Symbol.dispose]();
    },
  };
}
