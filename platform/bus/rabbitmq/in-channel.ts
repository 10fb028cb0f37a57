import type { Channel } from 'amqplib';
import { answerOf, type BrokerConnection, closeChannel } from './connection.ts';

/** Runs `work`, which asks the broker for a few things, on a channel of its own. Rejects with UNAVAILABLE when it takes longer than 10 s. */
export function inChannel<T>(connection: BrokerConnection, work: (channel: Channel) => Promise<T>): Promise<T> {
  return inLongChannel(connection, (channel) => answerOf(work(channel)));
}

/** As inChannel, for work that bounds each of its questions by itself. */
export async function inLongChannel<T>(
  connection: BrokerConnection,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await connection.createChannel();
  try {
    return await work(channel);
  } finally {
    await closeChannel(channel);
  }
}
