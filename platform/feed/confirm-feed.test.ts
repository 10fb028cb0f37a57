import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { type ConfirmFeedOptions, confirmFeed, confirmRounds } from './confirm-feed.ts';
import { saveDurablePosition } from './durable-position.ts';
import { feed, openConsumerDatabase } from './testing/text-feed.ts';

let db: OpenTestDatabase;
let confirmed: bigint[];
beforeAll(async () => {
  db = await openConsumerDatabase();
});
beforeEach(async () => {
  await db.query('TRUNCATE platform.feed_position, platform.feed_durable_position');
  confirmed = [];
});
afterAll(() => db[Symbol.asyncDispose]());

/** Applies the feed up to a sequence by a commit that does not wait for the disk. */
const applyUpTo = (sequence: bigint) =>
  db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO platform.feed_position (name, sequence) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence`,
      [feed, sequence],
    );
    await tx.query(`SELECT set_config('synchronous_commit', 'off', true)`);
  });

function options(changes: Partial<ConfirmFeedOptions> = {}): ConfirmFeedOptions {
  const { signal } = new AbortController();
  const confirm = async (sequence: bigint) => void confirmed.push(sequence);
  return { db, feed, confirm, logger: silentLogger, metrics: createMetrics('test'), signal, ...changes };
}

describe('saveDurablePosition', () => {
  it('has every commit before it on disk, also those that did not wait for it', async () => {
    for (let sequence = 1n; sequence <= 20n; sequence += 1n) {
      await applyUpTo(sequence);
      const written = await db.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
      expect(await saveDurablePosition(db, feed)).toBe(sequence);
      const { rows } = await db.query<{ durable: boolean }>(
        'SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn AS durable',
        [written.rows[0]?.lsn],
      );
      expect(rows).toEqual([{ durable: true }]);
    }
  });
});

describe('confirmRounds', () => {
  it('confirms a position a round after it was on disk, and nothing of a feed that was not applied', async () => {
    const round = confirmRounds(options());
    await round();
    await round();
    await applyUpTo(5n);
    await round();
    expect(confirmed).toEqual([]);
    await applyUpTo(9n);
    await round();
    expect(confirmed).toEqual([5n]);
    await round();
    expect(confirmed).toEqual([5n, 9n]);
  });

  it('confirms nothing past a position that has gone back, and nothing while the consumer is halted', async () => {
    const round = confirmRounds(options());
    await applyUpTo(9n);
    await round();
    await applyUpTo(4n);
    await round();
    expect(confirmed).toEqual([4n]);
    await db.query('UPDATE platform.feed_position SET halt_sequence = 5 WHERE name = $1', [feed]);
    for (let rounds = 0; rounds < 3; rounds += 1) await round();
    await db.query('UPDATE platform.feed_position SET halt_sequence = NULL WHERE name = $1', [feed]);
    await round();
    expect(confirmed).toEqual([4n]);
    await round();
    expect(confirmed).toEqual([4n, 4n]);
  });
});

describe('confirmFeed', () => {
  it('goes on after a round that failed, until it is stopped', async () => {
    const stop = new AbortController();
    let failures = 3;
    const confirm = async (sequence: bigint) => {
      if (failures-- > 0) throw new Error('the feed is away');
      confirmed.push(sequence);
    };
    await applyUpTo(7n);
    const running = confirmFeed(options({ confirm, pauseMs: 5, signal: stop.signal }));
    await expect.poll(() => confirmed.length, { timeout: 15_000 }).toBeGreaterThan(2);
    stop.abort();
    await running;
    expect(new Set(confirmed)).toEqual(new Set([7n]));
  });
});
