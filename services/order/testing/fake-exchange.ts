import { create } from '@bufbuild/protobuf';
import {
  CancelResponseSchema,
  GetShardResponseSchema,
  KeepAliveResponseSchema,
  PreviewSubmitResponseSchema,
  ReadTrailsResponseSchema,
  ReplaceResponseSchema,
  SubmitListResponseSchema,
  SubmitResponseSchema,
  VoidResponseSchema,
} from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ConfirmResponseSchema, type FeedEvent, FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { Clients } from '../clients/clients.ts';
import { FakeBooks } from './fake-books.ts';
import { createFaults, type Faults } from './faults.ts';

const pageMax = 100;

type Command =
  | ('submit' | 'submitList' | 'previewSubmit' | 'cancel' | 'replace' | 'void' | 'keepAlive')
  | ('getShard' | 'readTrails');

/** An exchange in memory that fulfils the contract: every outcome is on its feed, and the same one is the answer to a repeat. */
export type FakeExchange = Pick<Clients, 'exchange' | 'exchangeFeed'> & {
  faults: Faults<Command>;
  feed: FeedEvent[];
  /** While true the feed sends nothing. */
  pauseFeed(paused: boolean): void;
  /** Ends its process: every call is UNAVAILABLE and the feed breaks off. */
  stop(): void;
  /** Starts its successor, which has all that was journalled: every outcome and the whole feed. */
  start(): void;
  /** Begins another feed, as after the loss of its database. */
  loseHistory(): void;
  isOpen(orderId: string): boolean;
  /** Lets an order that waits enter the book. */
  trigger(orderId: string): void;
  /** Symbols without a book. */
  unlisted: Set<string>;
  /** Times to live of the sessions, by their names, in ms. */
  sessions: ReadonlyMap<string, bigint>;
  /** From which prices orders trail, in ticks, by order id. */
  trails: Map<string, bigint>;
  /** Version of its rules. */
  rules: { version: number };
  /** Up to where the order service has confirmed the feed, each time that it did. */
  confirmed: bigint[];
};

/** A running exchange with empty books. It outlives the replicas that a test kills. */
export function createFakeExchange(): FakeExchange {
  const wake = createNotifier();
  const books = new FakeBooks(() => wake.notify());
  const faults = createFaults<Command>();
  let epoch = 1;
  let isPaused = false;
  let isStopped = false;
  const rules = { version: 5 };
  const confirmed: bigint[] = [];
  const trails = new Map<string, bigint>();
  const command = <T>(name: Command, run: () => T): Promise<T> =>
    faults.around(name, () => {
      if (isStopped) throw unavailable();
      return run();
    });
  return {
    faults,
    feed: books.feed,
    unlisted: books.unlisted,
    sessions: books.sessions,
    rules,
    trails,
    confirmed,
    pauseFeed(paused) {
      isPaused = paused;
      wake.notify();
    },
    stop() {
      isStopped = true;
      wake.notify();
    },
    start() {
      isStopped = false;
    },
    loseHistory() {
      epoch += 1;
      books.feed.length = 0;
    },
    isOpen: (orderId) => books.isOpen(orderId),
    trigger: (orderId) => books.trigger(orderId),
    exchange: {
      submit: ({ orders = [] }) =>
        command('submit', () => create(SubmitResponseSchema, { results: orders.map((order) => books.submit(order)) })),
      submitList: ({ lists = [] }) =>
        command('submitList', () =>
          create(SubmitListResponseSchema, { results: lists.map((list) => books.submitList(list)) }),
        ),
      previewSubmit: ({ order = {} }) =>
        command('previewSubmit', () => create(PreviewSubmitResponseSchema, { result: books.preview(order) })),
      cancel: ({ items = [] }) =>
        command('cancel', () => create(CancelResponseSchema, { results: items.map((item) => books.cancel(item)) })),
      replace: ({ items = [] }) =>
        command('replace', () => create(ReplaceResponseSchema, { results: items.map((item) => books.replace(item)) })),
      keepAlive: ({ sessionId = '', ttlMs = 0n }) =>
        command('keepAlive', () => create(KeepAliveResponseSchema, { result: books.keepAlive(sessionId, ttlMs) })),
      getShard: ({ shard = 0 }) =>
        command('getShard', () => create(GetShardResponseSchema, { shard, ruleVersion: rules.version })),
      readTrails: ({ orderIds = [] }) =>
        command('readTrails', () =>
          create(ReadTrailsResponseSchema, {
            trails: orderIds.flatMap((orderId) => {
              const referencePriceTicks = trails.get(orderId);
              return referencePriceTicks === undefined ? [] : [{ orderId, referencePriceTicks }];
            }),
          }),
        ),
      void: ({ items = [] }) =>
        command('void', () => create(VoidResponseSchema, { results: items.map((item) => books.void(item)) })),
    },
    exchangeFeed: {
      async confirm({ sequence = 0n }) {
        if (isStopped) throw unavailable();
        confirmed.push(sequence);
        return create(ConfirmResponseSchema);
      },
      async *follow({ afterSequence = 0n }, { signal = new AbortController().signal } = {}) {
        let position = Number(afterSequence);
        const page = (events: FeedEvent[]) =>
          create(FollowResponseSchema, { events, headSequence: BigInt(books.feed.length), epoch: `e${epoch}` });
        yield page([]);
        while (!signal.aborted) {
          if (isStopped) throw unavailable();
          const waiting = wake.wait(signal);
          const events = isPaused ? [] : books.feed.slice(position, position + pageMax);
          if (events.length === 0) await waiting;
          else yield page(events);
          position += events.length;
        }
      },
    },
  };
}
