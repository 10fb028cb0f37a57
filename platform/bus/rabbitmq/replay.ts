import { randomUUID } from 'node:crypto';
import type { BrokerConnection } from './connection.ts';
import { pageFor, readMessage } from './message.ts';
import type { Publisher } from './publisher.ts';
import { readQueue } from './read-queue.ts';
import { names } from './topology.ts';

/**
 * Copies the events of `types` that the log has from `sinceMs` (Unix) up to now into one queue, in order. The queue must be bound already:
 * what comes twice is known to the inbox. Resolves to the number of events; rejects when the broker goes away in between, and may be
 * repeated.
 */
export async function replayLog(
  { connection, publisher }: { connection: BrokerConnection; publisher: Publisher },
  { queue, types, sinceMs }: { queue: string; types: readonly string[]; sinceMs: number },
): Promise<number> {
  const isWanted = new Set(types);
  // What is published meanwhile reaches the queue by itself: this message ends what is to be read.
  const end = randomUUID();
  await publisher.publish([
    { exchange: '', routingKey: names.log, content: Buffer.alloc(0), options: { correlationId: end } },
  ]);
  return readQueue(connection, names.log, async (reader) => {
    let count = 0;
    for (let message = await reader.next(); message !== undefined; message = await reader.next()) {
      const { correlationId } = message.properties;
      // Also the ends that earlier readers have left when they died.
      if (correlationId !== undefined) reader.remove(message);
      if (correlationId === end) break;
      const { events = [], history } = readMessage(message);
      const wanted = history.publishTimeMs < sinceMs ? [] : events.filter(({ type }) => isWanted.has(type));
      if (wanted.length > 0) await publisher.publish([pageFor(queue, wanted, history.publishTimeMs)]);
      count += wanted.length;
    }
    return count;
  });
}
