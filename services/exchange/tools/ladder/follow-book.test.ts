import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FollowResponseSchema, GetBooksResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { type FollowBookOptions, followBook } from './follow-book.ts';
import type { LadderBook } from './ladder-book.ts';

type Step = 'away' | 'break' | 'end' | { sequence: number; lots: number; checksum?: number };

/** A feed that goes through its steps and then stays silent. */
function scriptedFeed(steps: Step[]): FollowBookOptions['feed'] & { snapshots: number } {
  const listing = { symbol: 'ACME', tickSize: '0.01' };
  let sequence = 0n;
  return {
    snapshots: 0,
    async getBooks({ shard }) {
      if (steps[0] === 'away') {
        steps.shift();
        throw new Error('the exchange is away');
      }
      if (shard !== 1) {
        if (shard === 0) return create(GetBooksResponseSchema, { books: [{ listing: { symbol: 'OTHER' } }] });
        throw invalidArgument('shard', 'is not one of this exchange');
      }
      this.snapshots++;
      return create(GetBooksResponseSchema, { sequence, epoch: 'e', books: [{ listing }] });
    },
    async *follow(_request, { signal } = {}) {
      for (let step = steps.shift(); step !== 'end'; step = steps.shift()) {
        if (step === 'break') throw new Error('the connection broke');
        if (signal?.aborted) return;
        if (step === undefined || step === 'away') {
          await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
          return;
        }
        sequence = BigInt(step.sequence);
        const value = { side: Side.BUY, priceTicks: 5n, quantityLots: BigInt(step.lots), orderCount: 1 };
        const event = { case: 'levelChanged', value: { ...value, bookChecksum: step.checksum ?? 0 } } as const;
        yield create(FollowResponseSchema, { epoch: 'e', events: [{ sequence, symbol: 'ACME', event }] });
      }
    },
  };
}

async function follow(feed: FollowBookOptions['feed'], symbol: string, until: (book: LadderBook) => boolean) {
  const notices: string[] = [];
  const stop = new AbortController();
  await followBook({
    ...{ feed, symbol, signal: stop.signal },
    onWaiting: (notice) => notices.push(notice),
    onChange: (book, notice) => {
      if (notice !== '') notices.push(notice);
      if (until(book)) stop.abort();
    },
  });
  return notices;
}

describe('followBook', () => {
  it('finds the shard of its book and continues after every failure', async () => {
    const feed = scriptedFeed([
      ...(['away', { sequence: 1, lots: 1 }, 'break', { sequence: 2, lots: 2, checksum: 1 }, 'end'] as const),
      ...[{ sequence: 3, lots: 3 }],
    ]);
    const notices = await follow(feed, 'ACME', (book) => book.sequence === 3n && book.bids.size > 0);
    expect(notices).toEqual([
      'the exchange is away: trying again',
      'the connection broke: trying again',
      'the book does not add up to its checksum: trying again',
    ]);
    expect(feed.snapshots).toBe(4);
  });

  it('refuses a symbol that no shard has', async () => {
    await expect(follow(scriptedFeed([]), 'NONE', () => true)).rejects.toThrow('no book NONE');
  });
});
