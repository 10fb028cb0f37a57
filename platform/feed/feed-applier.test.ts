import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError, unavailable } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { OpenTestDatabase } from '#platform/testing/database.ts';
import { type ConsumeFeedOptions, consumerLease, type FeedPage } from './consume-feed.ts';
import { FeedApplier } from './feed-applier.ts';
import { readFeedState } from './feed-state.ts';
import { PositionMovedError } from './position.ts';
import { apply, type Entry, feed, openConsumerDatabase, readApplied } from './testing/text-feed.ts';

type Options = Partial<ConsumeFeedOptions<Entry, number>>;

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openConsumerDatabase();
});
beforeEach(() => db.query('TRUNCATE applied, platform.feed_position, platform.lease'));
afterAll(() => db[Symbol.asyncDispose]());

const applied = () => readApplied(db);
const state = () => readFeedState(db, feed);

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

  it('does not move the position past what it could not apply when it ends before the position could be read again', async () => {
    let isAway = false;
    const away = async () => {
      throw unavailable();
    };
    const breaking: Database = {
      ...db,
      query: (text, values) => (isAway ? away() : db.query(text, values)),
      transaction: (work, options) => (isAway ? away() : db.transaction(work, options)),
    };
    const applier = await open({ db: breaking });
    await applier.take(page(1, ['a']));
    isAway = true;
    await expect(applier.take(page(2, ['b']))).rejects.toThrow();
    await expect(applier.begin()).rejects.toThrow();
    isAway = false;
    await applier[Symbol.asyncDispose]();
    expect((await state()).sequence).toBe(1n);
    expect(await applied()).toEqual(['a']);
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
