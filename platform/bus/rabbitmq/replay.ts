import { randomUUID } from 'node:crypto';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { within } from '#platform/time/within.ts';
import { pageFor, readMessage } from './message.ts';
import type { Publisher } from './publisher.ts';
import { names } from './topology.ts';

/** Where in the log to begin: at its first page, or at the pages published since a time in Unix ms. */
export type ReplayStart = 'first' | { timeMs: number };

const prefetch = 50;
/** Longest wait for the next page of the log. */
const silenceMs = 10_000;

/**
 * Copies the events of `types` that the log has up to now into one queue, in order. The queue must be bound already: what comes twice is
 * known to the inbox. Resolves to the number of events; rejects when the broker goes away in between, and may be repeated.
 */
export async function replayLog(
  { model, publisher }: { model: ChannelModel; publisher: Publisher },
  { queue, types, start }: { queue: string; types: readonly string[]; start: ReplayStart },
): Promise<number> {
  const isWanted = new Set(types);
  // The log has no end of its own: this message is it.
  const end = randomUUID();
  await publisher.publish([
    { exchange: '', routingKey: names.log, content: Buffer.alloc(0), options: { correlationId: end } },
  ]);
  const channel = await model.createChannel();
  const arrived = createArrivals();
  channel.on('error', arrived.fail);
  channel.on('close', () => arrived.fail(new Error('the channel was closed')));
  try {
    await channel.prefetch(prefetch);
    await channel.consume(names.log, arrived.add, { arguments: { 'x-stream-offset': offsetOf(start) } });
    for (let count = 0; ; ) {
      const message = await within(silenceMs, arrived.next());
      if (message.properties.correlationId === end) return count;
      const { events = [], history } = readMessage(message);
      const wanted = events.filter(({ type }) => isWanted.has(type));
      if (wanted.length > 0) await publisher.publish([pageFor(queue, wanted, history.publishTimeMs)]);
      count += wanted.length;
      channel.ack(message);
    }
  } finally {
    await channel.close().catch(() => {});
  }
}

function offsetOf(start: ReplayStart): unknown {
  return start === 'first' ? 'first' : { '!': 'timestamp', value: Math.floor(start.timeMs / 1_000) };
}

/** Messages between the channel and one reader; at most `prefetch` wait. */
function createArrivals() {
  const waiting: ConsumeMessage[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  return {
    add(message: ConsumeMessage | null) {
      if (message === null) failure ??= new Error('the log was deleted');
      else waiting.push(message);
      wake();
    },
    fail(error: Error) {
      failure ??= error;
      wake();
    },
    async next(): Promise<ConsumeMessage> {
      while (waiting.length === 0) {
        if (failure) throw failure;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      return waiting.shift() as ConsumeMessage;
    },
  };
}
