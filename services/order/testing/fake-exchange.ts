import { create } from '@bufbuild/protobuf';
import { CancelResponseSchema, SubmitResponseSchema, VoidResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { type FeedEvent, FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { createFeedWake } from '#platform/feed/wake.ts';
import type { Clients } from '../clients/clients.ts';
import { FakeBooks } from './fake-books.ts';
import { createFaults, type Faults } from './faults.ts';

/** A small exchange in memory that keeps the contract: every outcome is on its feed and repeated on re-send. */
export type FakeExchange = Pick<Clients, 'exchange' | 'exchangeFeed'> & {
  faults: Faults<'submit' | 'cancel' | 'void'>;
  feed: FeedEvent[];
  /** While true the feed sends nothing. */
  pauseFeed(paused: boolean): void;
  isOpen(orderId: string): boolean;
  /** Symbols without a book. */
  unlisted: Set<string>;
};

/** An empty exchange. It outlives the order service that a test crashes. */
export function createFakeExchange(): FakeExchange {
  const wake = createFeedWake();
  const books = new FakeBooks(() => wake.notify());
  const faults = createFaults<'submit' | 'cancel' | 'void'>();
  let paused = false;
  return {
    faults,
    feed: books.feed,
    unlisted: books.unlisted,
    pauseFeed(value) {
      paused = value;
      wake.notify();
    },
    isOpen: (orderId) => books.isOpen(orderId),
    exchange: {
      submit: ({ orders = [] }) =>
        faults.around('submit', () =>
          create(SubmitResponseSchema, { results: orders.map((order) => books.submit(order)) }),
        ),
      cancel: ({ items = [] }) =>
        faults.around('cancel', () =>
          create(CancelResponseSchema, { results: items.map((item) => books.cancel(item)) }),
        ),
      void: ({ items = [] }) =>
        faults.around('void', () => create(VoidResponseSchema, { results: items.map((item) => books.void(item)) })),
    },
    exchangeFeed: {
      async *follow({ afterSequence = 0n }, { signal = new AbortController().signal } = {}) {
        let position = Number(afterSequence);
        while (!signal.aborted) {
          const waiting = wake.wait(signal);
          const events = paused ? [] : books.feed.slice(position, position + 100);
          if (events.length === 0) await waiting;
          else yield create(FollowResponseSchema, { events, headSequence: BigInt(books.feed.length), epoch: 'e1' });
          position += events.length;
        }
      },
    },
  };
}
