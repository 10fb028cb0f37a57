import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from './backoff.ts';
import type { Database, Sql } from './sql.ts';

/** A lease as its holder sees it. */
export type Lease = {
  /** Rises with each takeover; a statement that names an old one must change nothing. */
  token: bigint;
  /** Aborts when the lease is lost or given up. */
  signal: AbortSignal;
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
  /** How long a silent holder keeps the lease, default 3 s; it is renewed three times as often. */
  ttlMs?: number;
  /** Runs while the lease is held; must end soon after its signal aborts. Called again when it returns or throws. */
  whileHeld: (lease: Lease) => Promise<void>;
  logger: Logger;
  /** Aborts to give the lease up for good. */
  signal: AbortSignal;
};

/**
 * Tries to get the lease, runs `whileHeld` with it, and begins again when it was lost, until `signal` aborts; then the lease
 * is released for the next holder at once. All times are the database's; the holder counts its own from before it asked, so
 * it steps down before another can step up, unless it sleeps: hence the token.
 */
export async function holdLease(options: LeaseOptions): Promise<void> {
  const { db, name, holder, ttlMs = 3_000, logger, signal } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const askTimeMs = performance.now();
      const claim = await claimLease(db, name, holder, ttlMs);
      if (claim.token === undefined) {
        await pause(Math.min(claim.remainingMs + 20, ttlMs / 3) * (0.9 + Math.random() * 0.2), signal);
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

async function runHeld(options: LeaseOptions, token: bigint, firstDeadlineMs: number): Promise<void> {
  const { db, name, ttlMs = 3_000, whileHeld, logger, signal } = options;
  const held = new AbortController();
  const heldSignal = AbortSignal.any([held.signal, signal]);
  const renewing = keepRenewing({ db, name, token, ttlMs, deadlineMs: firstDeadlineMs, logger, held });
  try {
    await whileHeld({ token, signal: heldSignal });
  } finally {
    held.abort();
    await renewing;
    await releaseLease(db, name, token).catch((error) => logger.debug({ lease: name, error }, 'lease not released'));
  }
}

async function keepRenewing(options: {
  db: Database;
  name: string;
  token: bigint;
  ttlMs: number;
  deadlineMs: number;
  logger: Logger;
  held: AbortController;
}): Promise<void> {
  const { db, name, token, ttlMs, logger, held } = options;
  let { deadlineMs } = options;
  while (!held.signal.aborted) {
    await pause(Math.min(ttlMs / 3, Math.max(0, deadlineMs - performance.now())), held.signal);
    if (held.signal.aborted) return;
    const askTimeMs = performance.now();
    const late = pause(Math.max(0, deadlineMs - askTimeMs), held.signal).then(() => 'late' as const);
    const renewal = renewLease(db, name, token, ttlMs).catch((error) => {
      logger.warn({ lease: name, error }, 'the lease could not be renewed yet');
      return 'failed' as const;
    });
    const outcome = await Promise.race([renewal, late]);
    if (outcome === 'renewed') deadlineMs = askTimeMs + ttlMs;
    else if (outcome !== 'failed' || performance.now() >= deadlineMs) {
      if (!held.signal.aborted) logger.warn({ lease: name, outcome }, 'the lease is lost');
      held.abort();
    } else await pause(Math.min(50, ttlMs / 10), held.signal);
  }
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

async function claimLease(
  db: Sql,
  name: string,
  holder: string,
  ttlMs: number,
): Promise<{ token?: bigint; remainingMs: number }> {
  // Looked at before it is touched: a claim locks the row, and those who wait must not get in the holder's way.
  const current = await db.query<{ remaining_ms: number }>(
    `SELECT (extract(epoch FROM expire_time - clock_timestamp()) * 1000)::float8 AS remaining_ms
     FROM platform.lease WHERE name = $1`,
    [name],
  );
  const remainingMs = current.rows[0]?.remaining_ms ?? -1;
  if (remainingMs >= 0) return { remainingMs };
  const { rows } = await db.query<{ token: bigint }>(
    `INSERT INTO platform.lease AS lease (name, holder, token, expire_time)
     VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder, token = lease.token + 1, expire_time = clock_timestamp() + $3 * interval '1 ms'
       WHERE lease.expire_time < clock_timestamp()
     RETURNING token`,
    [name, holder, ttlMs],
  );
  return { token: rows[0]?.token, remainingMs: ttlMs };
}

async function renewLease(db: Sql, name: string, token: bigint, ttlMs: number): Promise<'renewed' | 'taken'> {
  const { rowCount } = await db.query(
    `UPDATE platform.lease SET expire_time = clock_timestamp() + $3 * interval '1 ms' WHERE name = $1 AND token = $2`,
    [name, token, ttlMs],
  );
  return rowCount === 1 ? 'renewed' : 'taken';
}

async function releaseLease(db: Sql, name: string, token: bigint): Promise<void> {
  await db.query('UPDATE platform.lease SET expire_time = clock_timestamp() WHERE name = $1 AND token = $2', [
    name,
    token,
  ]);
}
