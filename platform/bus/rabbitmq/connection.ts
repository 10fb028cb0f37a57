import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { within } from '#platform/time/within.ts';

/** A connection to the broker on which no wait is without an end. */
export type BrokerConnection = {
  /**
   * A new channel; errors of it only close it. When there is none within 10 s the connection is given up, as it takes part in nothing any
   * more: the library may have missed its end. Rejects with UNAVAILABLE.
   */
  createChannel(): Promise<Channel>;
  /** As createChannel, for publishing with confirmation. */
  createConfirmChannel(): Promise<ConfirmChannel>;
  /** Ends the connection without waiting for the broker: what is under way on it fails. */
  drop(): void;
};

const answerTimeoutMs = 10_000;
const closeTimeoutMs = 2_000;

/** The broker is there and does not answer a question. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** UNAVAILABLE, with the cause for the log. */
export function brokerUnavailable(cause: unknown): OutcryError {
  const message = 'the message broker is not reachable at the moment';
  return new OutcryError(Code.UNAVAILABLE, ErrorReason.DEPENDENCY_UNAVAILABLE, message, { cause });
}

/**
 * The broker's answer to what was asked on a channel; rejects with UNAVAILABLE when there is none within 10 s. A broker that is alive may
 * answer never: a queue whose replicas have no leader takes no question.
 */
export function answerOf<T>(asked: Promise<T>): Promise<T> {
  return within(answerTimeoutMs, asked, () =>
    brokerUnavailable(new NoAnswerError(`the broker has not answered within ${answerTimeoutMs} ms`)),
  );
}

/** The connection as it is used; `drop` ends it. */
export function createConnection(model: ChannelModel, drop: () => void): BrokerConnection {
  const opened = async <C extends Channel>(opening: Promise<C>): Promise<C> => {
    try {
      const channel = await answerOf(opening);
      // Without a listener an error of the channel would end the process.
      channel.on('error', () => {});
      return channel;
    } catch (cause) {
      drop();
      throw cause instanceof OutcryError ? cause : brokerUnavailable(cause);
    }
  };
  return {
    createChannel: () => opened(model.createChannel()),
    createConfirmChannel: () => opened(model.createConfirmChannel()),
    drop,
  };
}

/**
 * Closes a channel; resolves when it is closed, or after 2 s. The broker takes what a channel was asked in order: one whose last question
 * has no answer yet is closed after that, so nothing that was asked has an effect for long.
 */
export async function closeChannel(channel: Channel): Promise<void> {
  // The library's own promise stays pending when the connection ends meanwhile.
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  channel.once('close', resolve);
  await within(closeTimeoutMs, Promise.race([channel.close(), closed])).catch(() => {});
}
