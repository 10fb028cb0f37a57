import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { claimLease, LeaseSighting } from './claim-lease.ts';
import type { Database, Sql } from './sql.ts';

/** A lease as its holder sees it. */
export type Lease = {
  /** Fencing token: rises with each takeover; a statement with an old token must change nothing. */
  token: bigint;
  /** Aborts when the lease is lost or given up. */
  signal: AbortSignal;
  /**
   * Whether the lease cannot have been taken over yet, by the holder's own clock. False before `signal` aborts when the process was
   * suspended: check it before answering from memory.
   */
  isValid(): boolean;
};

/** Lets a waiting process try to take the lease before it expires. */
export type LeaseHint = {
  /** Resolves when the lease may be free now, or when the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** Token of a lease that may be taken before it expires, because its holder is gone or hands it over. */
  replaces(): bigint | undefined;
};

/** Another process has taken the lease; the transaction must not commit. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** Which lease to hold, and what to do with it. */
export type LeaseOptions = {
  db: Database;
  name: string;
  /** Unique among processes, for the one who looks at the table. */
  holder: string;
  /** Time to live of the lease without a renewal, default 3 s; it is renewed every third of it. */
  ttlMs?: number;
  /** Runs while the lease is held; must end soon after its signal aborts. Called again when it returns or throws. */
  whileHeld: (lease: Lease) => Promise<void>;
  hint?: LeaseHint;
  /** Whether this process may try to take the lease now; while false, it leaves it to others. Default: always. */
  mayTry?: () => boolean;
  /**
   * Lets `whileHeld` run on after the lease has expired, until another process takes it: for work whose every effect is fenced
   * by a token, and which checks `isValid` before it answers from memory. Default false.
   */
  outlastsExpiry?: boolean;
  logger: Logger;
  /** Aborts to give the lease up for good. */
  signal: AbortSignal;
};

/**
 * Tries to get the lease, runs `whileHeld` with it, and begins again when it was lost, until `signal` aborts; then the lease
 * is released for the next holder at once. All times are the database's; the holder counts its own from before it asked, so
 * it steps down before another can step up, unless it sleeps: hence the token. A lease that was not renewed for its time to live by the
 * clock of one who waits is over too, whatever the database's clock says: after a failover it may be behind.
 */
export async function holdLease(options: LeaseOptions): Promise<void> {
  const { name, ttlMs = 3_000, mayTry, logger, signal } = options;
  const sighting = new LeaseSighting();
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (mayTry && !mayTry()) {
        await pauseUnlessHinted(ttlMs / 3, options);
        continue;
      }
      const askTimeMs = performance.now();
      const claim = await claimLease({ ...options, ttlMs, replaces: options.hint?.replaces() }, sighting);
      if (claim.token === undefined) {
        const waitMs = Math.min(claim.remainingMs + 20, ttlMs / 3) * (0.9 + Math.random() * 0.2);
        await pauseUnlessHinted(waitMs, options);
        continue;
      }
      logger.info({ lease: name, lease_token: String(claim.token) }, 'holding the lease');
      await runHeld(options, claim.token, askTimeMs + ttlMs);
      failures = 0;
    } catch (error) {
      logger.warn({ lease: name, error }, 'the lease was not held to the end');
      await pause(backoffMs(failures, 100, ttlMs), signal);
      failures += 1;
    }
  }
}

async function pauseUnlessHinted(waitMs: number, { hint, signal }: LeaseOptions): Promise<void> {
  const over = new AbortController();
  const anyOver = AbortSignal.any([over.signal, signal]);
  await Promise.race([pause(waitMs, anyOver), ...(hint ? [hint.wait(anyOver)] : [])]);
  over.abort();
}

async function runHeld(options: LeaseOptions, token: bigint, firstDeadlineMs: number): Promise<void> {
  const { whileHeld, signal } = options;
  // Given up while the claim was on its way: the work must not begin, a listener for an abort that is over is never called.
  if (signal.aborted) return releaseQuietly(options, token);
  const held = new AbortController();
  const heldSignal = AbortSignal.any([held.signal, signal]);
  const term = { deadlineMs: firstDeadlineMs };
  const renewing = renewUntilLost(options, { token, term, held });
  const isValid = () => !heldSignal.aborted && performance.now() < term.deadlineMs;
  try {
    await whileHeld({ token, signal: heldSignal, isValid });
  } finally {
    held.abort();
    await renewing;
    await releaseQuietly(options, token);
  }
}

type Renewing = {
  token: bigint;
  /** Until when the lease is held for certain, in ms of `performance.now()`. */
  term: { deadlineMs: number };
  held: AbortController;
};

async function renewUntilLost(options: LeaseOptions, { token, term, held }: Renewing): Promise<void> {
  const { name, ttlMs = 3_000, outlastsExpiry = false, logger } = options;
  const leftMs = () => Math.max(0, term.deadlineMs - performance.now());
  // One at a time: a database that answers late must not find a connection of the pool taken by each renewal.
  let renewal: Renewal | undefined;
  while (!held.signal.aborted) {
    await pause(Math.min(ttlMs / 3, leftMs()), held.signal);
    if (held.signal.aborted) return;
    renewal ??= startRenewal(options, token);
    const late = pause(outlastsExpiry ? ttlMs : leftMs(), held.signal).then(() => 'late' as const);
    const outcome = await Promise.race([renewal.outcome, late]);
    const isOver = outcome === 'taken' || (!outlastsExpiry && (outcome === 'late' || leftMs() === 0));
    if (outcome === 'renewed') term.deadlineMs = renewal.askTimeMs + ttlMs;
    if (outcome !== 'late') renewal = undefined;
    if (isOver && outcome !== 'renewed') {
      if (!held.signal.aborted) logger.warn({ lease: name, outcome }, 'the lease is lost');
      held.abort();
    } else if (outcome !== 'renewed') await pause(Math.min(50, ttlMs / 10), held.signal);
  }
}

type Renewal = { askTimeMs: number; outcome: Promise<'renewed' | 'taken' | 'failed'> };

function startRenewal({ db, name, ttlMs = 3_000, logger }: LeaseOptions, token: bigint): Renewal {
  const outcome = renewLease(db, name, token, ttlMs).catch((error) => {
    logger.warn({ lease: name, error }, 'the lease could not be renewed yet');
    return 'failed' as const;
  });
  return { askTimeMs: performance.now(), outcome };
}

/**
 * Makes a transaction commit only while `token` is the lease's newest: a takeover waits for it, or it fails with LeaseLostError.
 * Renewals do not wait.
 */
export async function fenceLease(tx: Sql, name: string, token: bigint): Promise<void> {
  const { rowCount } = await tx.query('SELECT FROM platform.lease WHERE name = $1 AND token = $2 FOR KEY SHARE', [
    name,
    token,
  ]);
  if (rowCount === 0) throw new LeaseLostError(`the lease ${name} was taken over`);
}

async function renewLease(db: Sql, name: string, token: bigint, ttlMs: number): Promise<'renewed' | 'taken'> {
  const { rowCount } = await db.query(
    `UPDATE platform.lease SET expire_time = clock_timestamp() + $3 * interval '1 ms' WHERE name = $1 AND token = $2`,
    [name, token, ttlMs],
  );
  return rowCount === 1 ? 'renewed' : 'taken';
}

/** Frees the lease for the next holder. One that cannot be freed expires. */
async function releaseQuietly({ db, name, logger }: LeaseOptions, token: bigint): Promise<void> {
  await db
    .query('UPDATE platform.lease SET expire_time = clock_timestamp() WHERE name = $1 AND token = $2', [name, token])
    .catch((error) => logger.debug({ lease: name, error }, 'lease not released'));
}
