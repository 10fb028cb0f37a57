import type { Channel, GetMessage } from 'amqplib';
import { pause } from '#platform/time/pause.ts';
import { answerOf, type BrokerConnection, brokerUnavailable } from './connection.ts';
import { inChannel, inLongChannel } from './in-channel.ts';

/** The messages of a queue, one after another. */
export type QueueReader = {
  /** The next message; undefined at the end. */
  next(): Promise<GetMessage | undefined>;
  /** Takes a message that was read out of the queue for good. */
  remove(message: GetMessage): void;
};

const waitMs = 20;
const waitsMax = 500;
const locked = 405;

/**
 * Reads a queue without consuming it: what is not removed is there again afterwards, in its order. One reader at a time, among all
 * processes: what one has taken, another would not see. Rejects with UNAVAILABLE when the others take longer than 10 s.
 */
export async function readQueue<T>(
  connection: BrokerConnection,
  queue: string,
  work: (reader: QueueReader) => Promise<T>,
): Promise<T> {
  const release = await takeLock(connection, `${queue}.reader`);
  try {
    return await inLongChannel(connection, async (channel) => {
      let taken = 0;
      const reader: QueueReader = {
        async next() {
          const message = await answerOf(channel.get(queue));
          if (message === false) return undefined;
          taken += 1;
          return message;
        },
        remove(message) {
          channel.ack(message);
          taken -= 1;
        },
      };
      try {
        return await work(reader);
      } finally {
        await giveBack(channel, queue, taken).catch(() => {});
      }
    });
  } finally {
    await release();
  }
}

/** Gives back what was taken, and waits until the next reader will see it. */
async function giveBack(channel: Channel, queue: string, count: number): Promise<void> {
  if (count === 0) return;
  channel.nackAll(true);
  for (let attempt = 0; attempt < waitsMax; attempt += 1) {
    const { messageCount } = await answerOf(channel.checkQueue(queue));
    if (messageCount >= count) return;
    await pause(waitMs);
  }
}

const heldHere = new WeakMap<BrokerConnection, Map<string, Promise<void>>>();

/**
 * An exclusive queue: the broker refuses it to every other connection, and deletes it with this one. Readers on one connection wait for
 * each other here.
 */
async function takeLock(connection: BrokerConnection, name: string): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = heldHere.get(connection) ?? new Map<string, Promise<void>>();
  heldHere.set(connection, held);
  const before = held.get(name);
  held.set(name, promise);
  await before;
  try {
    await untilLocked(connection, name);
  } catch (error) {
    resolve();
    throw error;
  }
  return async () => {
    await inChannel(connection, (channel) => channel.deleteQueue(name)).catch(() => {});
    resolve();
  };
}

async function untilLocked(connection: BrokerConnection, name: string): Promise<void> {
  for (let attempt = 0; attempt < waitsMax; attempt += 1) {
    try {
      await inChannel(connection, (channel) => channel.assertQueue(name, { exclusive: true, durable: false }));
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== locked) throw brokerUnavailable(error);
      await pause(waitMs);
    }
  }
  throw brokerUnavailable(new Error(`another reader has ${name}`));
}
