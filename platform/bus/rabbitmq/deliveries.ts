import type { Channel, ConsumeMessage, GetMessage } from 'amqplib';
import { createWake } from '#platform/concurrency/wake.ts';
import { answerOf, type BrokerConnection, closeChannel } from './connection.ts';
import { type ReadMessage, readMessage } from './message.ts';
import { names } from './topology.ts';

/** What the broker delivers of one queue; disposing it gives back what was not acknowledged. */
export type Deliveries = AsyncDisposable & {
  /** Aborts when nothing more can be acknowledged, as the channel or the queue is lost, or when the consumer ends. */
  readonly signal: AbortSignal;
  /** Messages that have arrived, the oldest first: one, and others as long as they have at most `eventsMax` events together. */
  take(eventsMax: number): ReadMessage[];
  /** The next event that is due to be tried again. */
  takeRetry(): Promise<ReadMessage | undefined>;
  acknowledge(messages: readonly ReadMessage[]): void;
  /** Resolves when messages have arrived, or after `durationMs`. */
  wait(durationMs: number): Promise<void>;
};

/** Messages, of at most 100 events each, that wait in this process. */
const prefetch = 50;

/** Begins to read the two queues of a subscription, which exist. */
export async function openDeliveries(
  connection: BrokerConnection,
  queue: string,
  closing: AbortSignal,
): Promise<Deliveries> {
  const channel = await connection.createChannel();
  try {
    return await consume(channel, queue, closing);
  } catch (error) {
    // A queue that answers later would deliver here, where nothing is handled any more, and to no other consumer.
    await closeChannel(channel);
    throw error;
  }
}

async function consume(channel: Channel, queue: string, closing: AbortSignal): Promise<Deliveries> {
  const arrived: ReadMessage[] = [];
  const wake = createWake();
  const lost = new AbortController();
  const signal = AbortSignal.any([closing, lost.signal]);
  signal.addEventListener('abort', wake.raise, { once: true });
  const lose = () => lost.abort();
  channel.on('error', lose);
  channel.on('close', lose);
  const onMessage = (message: ConsumeMessage | null) => {
    // Without a message the broker says that the queue was deleted.
    if (message === null) return lose();
    arrived.push(readMessage(message));
    wake.raise();
  };
  await answerOf(channel.prefetch(prefetch));
  await answerOf(channel.consume(names.queue(queue), onMessage));
  return {
    signal,
    take: (eventsMax) => arrived.splice(0, countWithin(arrived, eventsMax)),
    async takeRetry() {
      const message: GetMessage | false = await answerOf(channel.get(names.retry(queue)));
      return message === false ? undefined : readMessage(message);
    },
    acknowledge(messages) {
      for (const { message } of messages) channel.ack(message);
    },
    async wait(durationMs) {
      await wake.wait(durationMs);
    },
    [Symbol.asyncDispose]: () => closeChannel(channel),
  };
}

function countWithin(messages: readonly ReadMessage[], eventsMax: number): number {
  let events = 0;
  const end = messages.findIndex((message) => {
    events += message.events?.length ?? 0;
    return events > eventsMax;
  });
  return end < 0 ? messages.length : Math.max(1, end);
}
