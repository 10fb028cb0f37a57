import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { followFeed } from './follow-feed.ts';
import { advancePosition, drawSequences, PositionMovedError, readPosition } from './position.ts';
import { type FeedPage, serveFeed } from './serve-feed.ts';

type Entry = { sequence: bigint; text: string };

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db);
  await db.query('CREATE TABLE entry (feed text, sequence bigint, text text, PRIMARY KEY (feed, sequence))');
  await db.query('CREATE TABLE applied (feed text, sequence bigint, text text, PRIMARY KEY (feed, sequence))');
});
afterAll(() => db[Symbol.asyncDispose]());

const append = async (tx: Sql, feed: string, text: string) => {
  const sequence = await drawSequences(tx, feed, 1);
  await tx.query('INSERT INTO entry VALUES ($1, $2, $3)', [feed, sequence, text]);
};
const readAfter = (feed: string) => async (sequence: bigint, limit: number) =>
  (
    await db.query<Entry>(
      'SELECT sequence, text FROM entry WHERE feed = $1 AND sequence > $2 ORDER BY sequence LIMIT $3',
      [feed, sequence, limit],
    )
  ).rows;

/** Serves `feed` as a service would, and follows it as another would, into `applied`. */
function connect(feed: string, options: { breakAfter?: number; pageMax?: number } = {}) {
  const stop = new AbortController();
  const notifier = createNotifier();
  let messages = 0;
  let opened = 0;
  const following = followFeed<FeedPage<Entry>>({
    name: feed,
    logger: silentLogger,
    signal: stop.signal,
    loadPosition: () => readPosition(db, feed),
    open: (afterSequence, signal) => {
      opened += 1;
      const sequenceOf = (entry: Entry) => entry.sequence;
      const pageMax = options.pageMax ?? 3;
      return serveFeed({
        readAfter: readAfter(feed),
        sequenceOf,
        wake: notifier,
        afterSequence,
        signal,
        pageMax,
        heartbeatMs: 500,
      });
    },
    apply: async ({ entries }) => {
      if (entries.length === 0) return;
      messages += 1;
      await db.transaction(async (tx) => {
        const from = await readPosition(tx, feed);
        for (const { sequence, text } of entries)
          await tx.query('INSERT INTO applied VALUES ($1, $2, $3)', [feed, sequence, text]);
        await advancePosition(tx, feed, from, entries.at(-1)?.sequence ?? from);
        if (messages === options.breakAfter) throw new Error('broken in the middle');
      });
      if (messages === (options.breakAfter ?? 0) + 1) throw new Error('broken after the commit');
    },
  });
  const stopped = () => {
    stop.abort();
    return following;
  };
  return { notifier, opened: () => opened, stop: stopped };
}

const appliedOf = async (feed: string) =>
  (await db.query<Entry>('SELECT sequence, text FROM applied WHERE feed = $1 ORDER BY sequence', [feed])).rows.map(
    ({ text }) => text,
  );

describe('serveFeed and followFeed', () => {
  it('bring every entry over once and in order, from before and while it runs', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await db.transaction((tx) => append(tx, 'plain', text));
    const { notifier, stop } = connect('plain');
    await expect.poll(() => appliedOf('plain')).toEqual(['a', 'b', 'c', 'd']);
    await db.transaction((tx) => append(tx, 'plain', 'e'));
    notifier.notify();
    await expect.poll(() => appliedOf('plain')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await readPosition(db, 'plain')).toBe(5n);
    await stop();
  });

  it('apply each entry once although applying breaks before and after its commit', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `entry ${index}`);
    for (const text of texts) await db.transaction((tx) => append(tx, 'breaking', text));
    const { stop, opened } = connect('breaking', { breakAfter: 2 });
    await expect.poll(() => appliedOf('breaking')).toEqual(texts);
    expect(opened()).toBeGreaterThan(2);
    await stop();
  });

  it('lose nothing when a transaction that drew first commits last', async () => {
    const { notifier, stop } = connect('late');
    const drawn = Promise.withResolvers<void>();
    const slow = db.transaction(async (tx) => {
      await append(tx, 'late', 'slow');
      drawn.resolve();
      await pause(200);
    });
    await drawn.promise;
    const quick = db.transaction((tx) => append(tx, 'late', 'quick')).then(() => notifier.notify());
    await pause(50);
    notifier.notify();
    await Promise.all([slow, quick]);
    notifier.notify();
    await expect.poll(() => appliedOf('late')).toEqual(['slow', 'quick']);
    await stop();
  });

  it('lose nothing under many concurrent writers', async () => {
    const { notifier, stop } = connect('busy', { pageMax: 7 });
    const write = async (writer: number) => {
      for (let index = 0; index < 25; index += 1) {
        await db.transaction((tx) => append(tx, 'busy', `${writer}/${index}`));
        notifier.notify();
      }
    };
    await Promise.all([0, 1, 2, 3].map(write));
    await expect.poll(async () => (await appliedOf('busy')).length).toBe(100);
    expect(new Set(await appliedOf('busy')).size).toBe(100);
    await stop();
  });

  it('find an entry without a notification by the next heartbeat', async () => {
    const { stop } = connect('unheard');
    await pause(50);
    await db.transaction((tx) => append(tx, 'unheard', 'a'));
    await expect.poll(() => appliedOf('unheard')).toEqual(['a']);
    await stop();
  });
});

describe('serveFeed', () => {
  it('sends heartbeats in silence and ends when its signal aborts', async () => {
    const stop = new AbortController();
    const pages: FeedPage<Entry>[] = [];
    const sequenceOf = (entry: Entry) => entry.sequence;
    const notifier = createNotifier();
    const { signal } = stop;
    for await (const page of serveFeed({
      readAfter: async () => [],
      sequenceOf,
      wake: notifier,
      afterSequence: 7n,
      signal,
      heartbeatMs: 10,
    })) {
      pages.push(page);
      if (pages.length === 2) stop.abort();
    }
    expect(pages).toEqual(Array(2).fill({ entries: [], heartbeat: true, headSequence: 7n }));
  });

  it('reads no further than one page ahead of a slow follower', async () => {
    let reads = 0;
    const stop = new AbortController();
    const pages = serveFeed({
      readAfter: async (after) => {
        reads += 1;
        return [{ sequence: after + 1n }];
      },
      sequenceOf: (entry) => entry.sequence,
      wake: createNotifier(),
      afterSequence: 0n,
      signal: stop.signal,
    });
    await pages.next();
    await pause(50);
    expect(reads).toBe(1);
    stop.abort();
    await pages.return();
  });
});

describe('followFeed', () => {
  it('opens the stream anew when it is silent for too long', async () => {
    const stop = new AbortController();
    let opened = 0;
    const following = followFeed<never>({
      name: 'silent',
      logger: silentLogger,
      signal: stop.signal,
      stallTimeoutMs: 30,
      loadPosition: async () => 0n,
      open: (_after, signal) => {
        opened += 1;
        if (opened === 2) stop.abort();
        return silence(signal);
      },
      apply: async () => {},
    });
    await following;
    expect(opened).toBe(2);
  });
});

async function* silence(signal: AbortSignal): AsyncGenerator<never> {
  await pause(10_000, signal);
  yield* [];
}

describe('advancePosition', () => {
  it('lets one of two followers through', async () => {
    await advancePosition(db, 'shared', 0n, 5n);
    await expect(advancePosition(db, 'shared', 0n, 5n)).rejects.toThrow(PositionMovedError);
    await advancePosition(db, 'shared', 5n, 6n);
    await expect(advancePosition(db, 'shared', 5n, 7n)).rejects.toThrow(PositionMovedError);
    expect(await readPosition(db, 'shared')).toBe(6n);
  });

  it('refuses a start that is not at zero', async () => {
    await expect(advancePosition(db, 'fresh', 3n, 4n)).rejects.toThrow(PositionMovedError);
  });
});
