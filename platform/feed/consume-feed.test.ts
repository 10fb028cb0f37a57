import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { OpenTestDatabase } from '#platform/testing/database.ts';
import { readFeedState } from './feed-state.ts';
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
const state = () => readFeedState(db, feed);

describe('consumeFeed', () => {
  it('applies each entry once and in order, with two replicas, while they come and go', async () => {
    const source = createSource(['a', 'b', 'c']);
    const first = consume(source);
    await using _second = consume(source, { holder: 'second' });
    await expect.poll(applied).toEqual(['a', 'b', 'c']);
    await first[Symbol.asyncDispose]();
    source.add('d', 'e');
    await expect.poll(applied).toEqual(['a', 'b', 'c', 'd', 'e']);
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
    await expect.poll(applied).toEqual(['a', 'b', 'c']);
  });

  it('begins anew with another history where it may', async () => {
    const source = createSource(['a', 'b']);
    await using _consumer = consume(source, { onNewEpoch: 'restart' });
    await expect.poll(applied).toEqual(['a', 'b']);
    await db.query('TRUNCATE applied');
    source.epoch = 'two';
    source.texts.splice(0, 2, 'x', 'y', 'z');
    source.add();
    await expect.poll(applied).toEqual(['x', 'y', 'z']);
    expect(await state()).toMatchObject({ sequence: 3n, epoch: 'two' });
  });

  it('passes over what the feed does not have any more where it may', async () => {
    const source = createSource(['a', 'b', 'c', 'd']);
    source.oldest = 2n;
    await using _consumer = consume(source, { findOldest: async () => 2n });
    await expect.poll(applied).toEqual(['c', 'd']);
  });
});
