import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LeaseLostError } from '#platform/postgres/lease.ts';
import type { OpenTestDatabase } from '#platform/testing/database.ts';
import { consumerLease } from './consume-feed.ts';
import { readHalts, saveHalt } from './feed-state.ts';
import type { FollowedPosition } from './history.ts';
import { listConsumers, resumeFeed } from './resume-feed.ts';
import {
  apply,
  createSource,
  feed,
  openConsumerDatabase,
  readApplied,
  startConsumer,
  type TextFeed,
} from './testing/text-feed.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openConsumerDatabase();
});
beforeEach(() => db.query('TRUNCATE applied, platform.feed_position, platform.lease'));
afterAll(() => db[Symbol.asyncDispose]());

const consume = (source: TextFeed, options?: Parameters<typeof startConsumer>[2]) => startConsumer(db, source, options);
const applied = () => readApplied(db);

describe('a consumer of a feed', () => {
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
    await expect.poll(applied).toEqual(['a', 'b', 'bad', 'c']);
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
    await expect.poll(() => readHalts(db)).toMatchObject([{ sequence: 3n }]);
    source.add('x', 'y', 'z');
    await resumeFeed(db, feed);
    await expect.poll(() => readHalts(db)).toMatchObject([{ cause: expect.stringContaining('entry 3') }]);
    expect(await applied()).toEqual(['a', 'b', 'c']);
    await expect.poll(() => consumer.metrics.registry.metrics()).toMatch(/outcry_feed_consumer_halted\{.*\} 1/);
    expect(await listConsumers(db)).toMatchObject([{ feed, sequence: 3n, halt: { sequence: 3n } }]);
    // An operator decides that the new history is right, and after which of its entries to go on.
    await db.query('DELETE FROM applied WHERE sequence > 1');
    await resumeFeed(db, feed, 1n);
    await expect.poll(applied).toEqual(['a', 'x', 'y', 'z']);
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
    await expect.poll(() => readHalts(db)).toMatchObject([{ cause }]);
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
      await expect.poll(async () => [fault, ...(await readHalts(db))]).toMatchObject([fault, { feed, sequence: 2n }]);
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
});
