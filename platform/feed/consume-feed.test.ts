import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError, unavailable } from '#platform/errors/outcry-error.ts';
import { LeaseLostError } from '#platform/postgres/lease.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { type ConsumeFeedOptions, consumeFeed, consumerLease, type FeedPage } from './consume-feed.ts';
import { FeedApplier } from './feed-applier.ts';
import { readFeedState, readHalts, saveHalt } from './feed-state.ts';
import { type FollowedPosition, requireSameHistory } from './history.ts';
import { PositionMovedError } from './position.ts';
import { listConsumers, resumeFeed } from './resume-feed.ts';

type Entry = { sequence: bigint; text: string };
type Options = Partial<ConsumeFeedOptions<Entry, number>>;

const feed = 'source.0';
let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db);
  await db.query('CREATE TABLE applied (sequence bigint PRIMARY KEY, text text)');
});
beforeEach(() => db.query('TRUNCATE applied, platform.feed_position, platform.lease'));
afterAll(() => db[Symbol.asyncDispose]());

/** The name of a history of texts up to a sequence. */
const nameOf = (texts: readonly string[], sequence: bigint) =>
  sequence > 0n && sequence <= texts.length ? texts.slice(0, Number(sequence)).join('/') : undefined;

/** A feed in memory whose entries are its texts. */
function createSource(texts: string[] = []) {
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

async function apply(tx: Sql, entries: readonly Entry[]): Promise<number> {
  for (const { sequence, text } of entries) await tx.query('INSERT INTO applied VALUES ($1, $2)', [sequence, text]);
  return entries.length;
}

function consume(source: ReturnType<typeof createSource>, options: Options = {}) {
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

const applied = async () =>
  (await db.query<Entry>('SELECT text FROM applied ORDER BY sequence')).rows.map(({ text }) => text);
const state = () => readFeedState(db, feed);

describe('consumeFeed', () => {
  it('applies each entry once and in order, with two replicas, while they come and go', async () => {
    const source = createSource(['a', 'b', 'c']);
    const first = consume(source);
    await using _second = consume(source, { holder: 'second' });
    await expect.poll(applied).toEqual(['a', 'b', 'c']);
    await first[Symbol.asyncDispose]();
    source.add('d', 'e');
    await expect.poll(applied, { timeout: 5_000 }).toEqual(['a', 'b', 'c', 'd', 'e']);
    const seen = { seenSequence: 5n, fingerprint: 'a/b/c/d/e' };
    expect(await state()).toEqual({ sequence: 5n, epoch: 'one', seen, halt: undefined });
  });

  it('applies again what failed for a reason that may pass', async () => {
    let failures = 2;
    await using _consumer = consume(createSource(['a', 'b', 'c']), {
      apply: async (tx, entries) => {
        await apply(tx, entries);
        if (failures-- > 0) throw unavailable();
        return entries.length;
      },
    });
    await expect.poll(applied, { timeout: 5_000 }).toEqual(['a', 'b', 'c']);
  });

  it('halts before an entry that can never be applied, once, and goes on when the halt is lifted', async () => {
    const halts: bigint[] = [];
    let isBroken = true;
    await using consumer = consume(createSource(['a', 'b', 'bad', 'c']), {
      apply: async (tx, entries) => {
        if (isBroken && entries.some(({ text }) => text === 'bad')) throw new RangeError('it is bad');
        return apply(tx, entries);
      },
      onHalted: async (_tx, { sequence }) => void halts.push(sequence),
    });
    await expect.poll(() => readHalts(db)).toEqual([{ feed, sequence: 3n, cause: 'it is bad' }]);
    expect(await applied()).toEqual(['a', 'b']);
    await expect.poll(() => consumer.metrics.registry.metrics()).toMatch(/outcry_feed_consumer_halted\{.*\} 1/);
    isBroken = false;
    expect(await resumeFeed(db, feed)).toBe(true);
    await expect.poll(applied, { timeout: 5_000 }).toEqual(['a', 'b', 'bad', 'c']);
    expect(await resumeFeed(db, feed)).toBe(false);
    expect(halts).toEqual([3n]);
  });

  it('halts when the feed ends before what it has seen, and passes nothing when the head overtakes it', async () => {
    const source = createSource(['a', 'b', 'c']);
    const first = consume(source);
    await expect.poll(applied).toEqual(['a', 'b', 'c']);
    await first[Symbol.asyncDispose]();
    source.texts.length = 1;
    await using consumer = consume(source);
    await expect.poll(() => readHalts(db), { timeout: 5_000 }).toMatchObject([{ sequence: 3n }]);
    source.add('x', 'y', 'z');
    await resumeFeed(db, feed);
    await expect
      .poll(() => readHalts(db), { timeout: 5_000 })
      .toMatchObject([{ cause: expect.stringContaining('entry 3') }]);
    expect(await applied()).toEqual(['a', 'b', 'c']);
    await expect.poll(() => consumer.metrics.registry.metrics()).toMatch(/outcry_feed_consumer_halted\{.*\} 1/);
    expect(await listConsumers(db)).toMatchObject([{ feed, sequence: 3n, halt: { sequence: 3n } }]);
    // An operator decides that the new history is right, and after which of its entries to go on.
    await db.query('DELETE FROM applied WHERE sequence > 1');
    await resumeFeed(db, feed, 1n);
    await expect.poll(applied, { timeout: 5_000 }).toEqual(['a', 'x', 'y', 'z']);
  });

  it('halts when a feed that checks nothing ends before its position', async () => {
    const source = createSource(['a', 'b', 'c']);
    const first = consume(source);
    await expect.poll(applied).toEqual(['a', 'b', 'c']);
    await first[Symbol.asyncDispose]();
    source.texts.length = 1;
    const open = (position: FollowedPosition, signal: AbortSignal) =>
      source.open({ ...position, afterSequence: 1n, seenSequence: 0n, fingerprint: '' }, signal);
    await using _consumer = consume(source, { open });
    const cause = 'the feed ends at 1, before 3: entries were lost';
    await expect.poll(() => readHalts(db), { timeout: 5_000 }).toMatchObject([{ cause }]);
  });

  it('halts at every failure that does not pass by itself: a gap, a constraint, a fault of the program', async () => {
    const faults = ['throw', 'constraint', 'gap'];
    for (const [index, fault] of faults.entries()) {
      await db.query('TRUNCATE applied, platform.feed_position, platform.lease');
      const source = createSource(['a', 'b', 'c']);
      async function* withGap(position: FollowedPosition, signal: AbortSignal) {
        for await (const page of source.open(position, signal)) {
          yield { ...page, entries: page.entries.filter(({ text }) => text !== 'b'), fingerprint: '' };
        }
      }
      await using _consumer = consume(source, {
        ...(fault === 'gap' && { open: withGap }),
        apply: async (tx, entries) => {
          const hasBad = entries.some(({ text }) => text === 'b');
          if (hasBad && fault === 'throw') throw new Error('a balance was changed that was not locked');
          if (hasBad && fault === 'constraint') await tx.query(`INSERT INTO applied VALUES (1, 'again')`);
          return apply(tx, entries);
        },
      });
      await expect
        .poll(async () => [fault, ...(await readHalts(db))], { timeout: 5_000 })
        .toMatchObject([fault, { feed, sequence: 2n }]);
      expect([index, await applied()]).toEqual([index, ['a']]);
    }
  });

  it('is not halted by a holder whose lease was taken over while it was suspended', async () => {
    const fence = { leaseName: consumerLease(feed), token: 1n };
    await db.query(`INSERT INTO platform.lease VALUES ($1, 'next', 2, now() + interval '1 min')`, [fence.leaseName]);
    const halt = { sequence: 1n, cause: 'it is bad' };
    await expect(saveHalt(db, feed, { position: 0n, halt }, fence)).rejects.toThrow(LeaseLostError);
    const newest = { ...fence, token: 2n };
    await db.query(`INSERT INTO platform.feed_position (name, sequence) VALUES ($1, 7)`, [feed]);
    expect(await saveHalt(db, feed, { position: 0n, halt }, newest)).toBe(false);
    expect(await readHalts(db)).toEqual([]);
    expect(await saveHalt(db, feed, { position: 7n, halt }, newest)).toBe(true);
  });

  it('halts when the feed has lost its history', async () => {
    const source = createSource(['a']);
    await using _consumer = consume(source);
    await expect.poll(applied).toEqual(['a']);
    source.epoch = 'two';
    source.add('b');
    await expect.poll(() => readHalts(db)).toMatchObject([{ sequence: 1n, cause: 'the feed has lost its history' }]);
    expect(await applied()).toEqual(['a']);
  });

  it('begins anew with another history where it may', async () => {
    const source = createSource(['a', 'b']);
    await using _consumer = consume(source, { onNewEpoch: 'restart' });
    await expect.poll(applied).toEqual(['a', 'b']);
    await db.query('TRUNCATE applied');
    source.epoch = 'two';
    source.texts.splice(0, 2, 'x', 'y', 'z');
    source.add();
    await expect.poll(applied, { timeout: 5_000 }).toEqual(['x', 'y', 'z']);
    expect(await state()).toMatchObject({ sequence: 3n, epoch: 'two' });
  });

  it('passes over what the feed does not have any more where it may', async () => {
    const source = createSource(['a', 'b', 'c', 'd']);
    source.oldest = 2n;
    await using _consumer = consume(source, { findOldest: async () => 2n });
    await expect.poll(applied, { timeout: 5_000 }).toEqual(['c', 'd']);
  });
});

describe('FeedApplier', () => {
  const page = (first: number, texts: string[]): FeedPage<Entry> => ({
    entries: texts.map((text, index) => ({ sequence: BigInt(first + index), text })),
    epoch: 'one',
    headSequence: BigInt(first + texts.length - 1),
    fingerprint: '',
  });
  const open = async (options: Options = {}, token = 1n) => {
    await db.query(`INSERT INTO platform.lease VALUES ($1, 'x', 1, now()) ON CONFLICT DO NOTHING`, [
      consumerLease(feed),
    ]);
    const fence = { leaseName: consumerLease(feed), token };
    const applier = new FeedApplier<Entry, number>({ db, feed, apply, ...options }, fence);
    await applier.begin();
    return applier;
  };

  it('refuses a gap, and an entry that was taken before', async () => {
    await using applier = await open();
    await applier.take(page(1, ['a']));
    await expect(applier.take(page(3, ['c']))).rejects.toThrow('entry 3 instead of 2');
    await applier.begin();
    await expect(applier.take(page(1, ['a']))).rejects.toThrow('entry 1 instead of 2');
    expect(await applied()).toEqual(['a']);
  });

  it('commits nothing once the lease was taken over or another has moved the position', async () => {
    await using overtaken = await open({}, 0n);
    await expect(overtaken.take(page(1, ['a']))).rejects.toThrow('taken over');
    await using slow = await open();
    await using quick = await open();
    await quick.take(page(1, ['a']));
    await expect(slow.take(page(1, ['a', 'b']))).rejects.toThrow(PositionMovedError);
    expect(await slow.begin()).toMatchObject({ afterSequence: 1n });
    await slow.take(page(2, ['b']));
    expect(await applied()).toEqual(['a', 'b']);
  });

  it('applies long pages in several transactions', async () => {
    const sizes: number[] = [];
    await using applier = await open({ entriesMax: 2, onCommitted: (size) => void sizes.push(size) });
    await applier.take(page(1, ['a', 'b', 'c', 'd', 'e']));
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('halves a transaction that takes too long, until it fits', async () => {
    const sizes: number[] = [];
    const tooLong = new OutcryError(Code.UNAVAILABLE, ErrorReason.OVERLOADED, 'too long');
    await using applier = await open({
      apply: async (tx, entries) => {
        if (entries.length > 1) throw tooLong;
        return apply(tx, entries);
      },
      onCommitted: (size) => void sizes.push(size),
    });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(applier.take(page(1, ['a', 'b', 'c', 'd']))).rejects.toThrow('too long');
      await applier.begin();
    }
    await expect(applier.take(page(1, ['a', 'b', 'c', 'd']))).rejects.toThrow('too long');
    expect(sizes).toEqual([1]);
  });

  it('gathers entries into groups, and moves the position alone only now and then', async () => {
    const sizes: number[] = [];
    const group = { delayMs: 20, idleDelayMs: 60_000, entriesMax: 3, isEffective: ({ text }: Entry) => text !== '-' };
    await using applier = await open({ group, onCommitted: (size) => void sizes.push(size) });
    await applier.take(page(1, ['-', '-']));
    expect((await state()).sequence).toBe(0n);
    await applier.take(page(3, ['a', '-']));
    await expect.poll(async () => (await state()).sequence).toBe(4n);
    await applier.take(page(5, ['b', '-', 'c', 'd']));
    expect(await state()).toMatchObject({ sequence: 8n });
    expect(sizes).toEqual([1, 3]);
    await applier.take(page(9, ['e']));
    await applier[Symbol.asyncDispose]();
    expect(await applied()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
