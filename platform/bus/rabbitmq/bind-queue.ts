import type { Channel } from 'amqplib';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { BrokerConnection } from './connection.ts';
import { inChannel } from './in-channel.ts';
import type { Publisher } from './publisher.ts';
import { replayLog } from './replay.ts';
import { declareEvents, declareLetters, declareQueue, names } from './topology.ts';

/**
 * How far back a queue gets events of a type that is new to it: services that start together publish and subscribe in any order, and what
 * was published a moment before the first subscription is meant for it too.
 */
const backfillMs = 10 * 60_000;

/**
 * Makes the queue or adds types to it, and gives it the latest events of the types that are new to it. A queue that existed before and is
 * gone gets all that the log has. May be repeated after a failure at any point.
 */
export async function bindQueue(
  parts: { connection: BrokerConnection; publisher: Publisher; logger: Logger },
  { queue, types }: { queue: string; types: readonly string[] },
): Promise<void> {
  const { connection, logger } = parts;
  const exists = await isThere(connection, (channel) => channel.checkQueue(names.queue(queue)));
  const marked = await Promise.all(
    types.map((type) => isThere(connection, (channel) => channel.checkExchange(names.bound(queue, type)))),
  );
  const added = types.filter((_type, index) => !exists || !marked[index]);
  const isLost = !exists && marked.includes(true);
  if (isLost) logger.error({ queue }, 'the queue is gone; it is made anew, with what the log of the bus still has');
  await inChannel(connection, async (channel) => {
    await declareEvents(channel);
    await declareLetters(channel);
    await declareQueue(channel, queue);
    for (const type of types) await channel.bindQueue(names.queue(queue), names.events, type);
  });
  if (added.length === 0) return;
  const sinceMs = isLost ? 0 : Date.now() - backfillMs;
  const count = await replayLog(parts, { queue, types: added, sinceMs });
  logger.info({ queue, types: added, events: count }, 'the queue has the latest events of its new types');
  await inChannel(connection, async (channel) => {
    for (const type of added) await channel.assertExchange(names.bound(queue, type), 'fanout', { durable: true });
  });
}

const notFound = 404;

/** Whether the broker has what `check` asks for; asking for what it has not ends the channel. */
async function isThere(connection: BrokerConnection, check: (channel: Channel) => Promise<unknown>): Promise<boolean> {
  try {
    await inChannel(connection, check);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return false;
    throw error;
  }
}
