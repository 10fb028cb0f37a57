/** A feed of texts in memory, and consumers of it for tests. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { type ConsumeFeedOptions, consumeFeed, type FeedPage } from '../consume-feed.ts';
import { type FollowedPosition, requireSameHistory } from '../history.ts';

/** A text and its sequence. */
export type Entry = { sequence: bigint; text: string };

/** A feed of texts; `add` appends some. */
export type TextFeed = ReturnType<typeof createSource>;

/** The name of the feed in the database of its consumers. */
export const feed = 'source.0';

/** Opens a database with a table `applied` of what the consumers have applied. */
export async function openConsumerDatabase(): Promise<OpenTestDatabase> {
  const db = await openTestDatabase();
  await migratePlatform(db);
  await db.query('CREATE TABLE applied (sequence bigint PRIMARY KEY, text text)');
  return db;
}

/** The name of a history of texts up to a sequence. */
const nameOf = (texts: readonly string[], sequence: bigint) =>
  sequence > 0n && sequence <= texts.length ? texts.slice(0, Number(sequence)).join('/') : undefined;

/** A feed in memory whose entries are its texts. */
export function createSource(texts: string[] = []) {
  const source = { texts, epoch: 'one', oldest: 0n, pages: 0 };
  const wake = createNotifier();
  async function* open(position: FollowedPosition, signal: AbortSignal): AsyncGenerator<FeedPage<Entry>> {
    const { afterSequence: after } = position;
    await requireSameHistory(position, {
      epoch: source.epoch,
      head: BigInt(source.texts.length),
      fingerprintAt: async (at) => nameOf(source.texts, at),
    });
    if (after < source.oldest)
      throw new OutcryError(Code.OUT_OF_RANGE, ErrorReason.FEED_POSITION_UNKNOWN, 'the position is too old');
    let next = Number(after);
    while (!signal.aborted) {
      const entries = source.texts.slice(next, next + 2).map((text, index) => {
        return { sequence: BigInt(next + index + 1), text };
      });
      next += entries.length;
      source.pages += 1;
      const fingerprint = nameOf(source.texts, BigInt(next)) ?? '';
      yield { entries, epoch: source.epoch, headSequence: BigInt(source.texts.length), fingerprint };
      if (entries.length === 0) await Promise.race([wake.wait(signal), pause(50, signal)]);
    }
  }
  const add = (...more: string[]) => {
    texts.push(...more);
    wake.notify();
  };
  return Object.assign(source, { open, add });
}

/** Stores the entries. */
export async function apply(tx: Sql, entries: readonly Entry[]): Promise<number> {
  for (const { sequence, text } of entries) await tx.query('INSERT INTO applied VALUES ($1, $2)', [sequence, text]);
  return entries.length;
}

/** What was applied, in the order of the feed. */
export async function readApplied(db: Sql): Promise<string[]> {
  const { rows } = await db.query<Entry>('SELECT text FROM applied ORDER BY sequence');
  return rows.map(({ text }) => text);
}

/** Starts a consumer, which stops when it is disposed. */
export function startConsumer(
  db: OpenTestDatabase,
  source: TextFeed,
  options: Partial<ConsumeFeedOptions<Entry, number>> = {},
) {
  const stop = new AbortController();
  const metrics = createMetrics('test');
  const common = { db, feed, holder: 'test', apply, logger: silentLogger, metrics, signal: stop.signal };
  const running = consumeFeed<Entry, number>({ ...common, open: source.open, leaseTtlMs: 500, ...options });
  return {
    metrics,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
