import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { within } from '#platform/time/within.ts';
import type { BrokerLink } from './broker-link.ts';
import { answerOf, type BrokerConnection, brokerUnavailable, closeChannel, NoAnswerError } from './connection.ts';

/** A message and where it goes: to a queue by its name when `exchange` is empty. */
export type OutgoingMessage = {
  exchange: string;
  routingKey: string;
  content: Buffer;
  options: Options.Publish;
};

/** Publishes with confirmation. */
export type Publisher = {
  /**
   * Resolves when the broker has stored every message in every queue that takes it. Rejects otherwise, with MessageRefusedError if only for
   * the bound of a queue, else with UNAVAILABLE: messages may have been stored all the same, and are to be published again. Never waits
   * longer than 3 s for a connection, 10 s for each of its channel and the topology, and 5 s for the confirmations.
   */
  publish(messages: OutgoingMessage[]): Promise<void>;
};

/** The broker refused a message: a queue is full. */
export class MessageRefusedError extends Error {
  override name = 'MessageRefusedError';
}

const confirmTimeoutMs = 5_000;

/** Publishes on a channel of the link; `declare` makes what is published to, at the start and again when it turns out to be gone. */
export function createPublisher(link: BrokerLink, declare: (channel: ConfirmChannel) => Promise<void>): Publisher {
  let opening: Promise<OpenChannel> | undefined;
  const openOnce = (): Promise<OpenChannel> => {
    const attempt = openChannel(link, declare, () => {
      if (opening === attempt) opening = undefined;
    });
    opening = attempt;
    attempt.catch(() => {
      if (opening === attempt) opening = undefined;
    });
    return attempt;
  };
  return {
    async publish(messages) {
      const reason = link.blockedReason();
      // What is written now would only wait in this process's memory.
      if (reason !== undefined) throw brokerUnavailable(new Error(`the broker takes no messages: ${reason}`));
      const open = await (opening ?? openOnce());
      const blocked = Promise.withResolvers<never>();
      const stop = link.onBlocked((cause) =>
        blocked.reject(brokerUnavailable(new Error(`the broker takes no messages: ${cause}`))),
      );
      blocked.promise.catch(() => {});
      const sent = Promise.all(messages.map((message) => send(open, message)));
      sent.catch(() => {});
      try {
        await within(confirmTimeoutMs, Promise.race([sent, blocked.promise]), lateError(open));
      } catch (cause) {
        // The next call declares the topology anew.
        if (cause instanceof UnroutableError) await closeChannel(open.channel);
        throw cause instanceof MessageRefusedError || cause instanceof OutcryError ? cause : brokerUnavailable(cause);
      } finally {
        stop();
      }
    },
  };
}

// What was written and not confirmed waits in memory: a connection that does not confirm is given up with it.
function lateError({ connection }: OpenChannel): () => Error {
  return () => {
    connection.drop();
    return brokerUnavailable(new NoAnswerError(`no confirmation within ${confirmTimeoutMs} ms`));
  };
}

type OpenChannel = { connection: BrokerConnection; channel: ConfirmChannel; returned: Set<string> };

/** No queue took the message: the topology is gone. */
class UnroutableError extends Error {
  override name = 'UnroutableError';
}

async function openChannel(
  link: BrokerLink,
  declare: (channel: ConfirmChannel) => Promise<void>,
  onClose: () => void,
): Promise<OpenChannel> {
  const connection = await link.open();
  const returned = new Set<string>();
  const channel = await connection.createConfirmChannel();
  channel.on('close', onClose);
  // A message that is returned is confirmed afterwards.
  channel.on('return', ({ properties }: Message) => returned.add(String(properties.messageId)));
  try {
    await answerOf(declare(channel));
  } catch (cause) {
    await closeChannel(channel);
    throw cause instanceof OutcryError ? cause : brokerUnavailable(cause);
  }
  return { connection, channel, returned };
}

function send({ channel, returned }: OpenChannel, message: OutgoingMessage): Promise<void> {
  const { exchange, routingKey, content, options } = message;
  const messageId = randomUUID();
  return new Promise((resolve, reject) => {
    const settle = (error: unknown) => {
      if (returned.delete(messageId))
        reject(new UnroutableError(`no queue took a message for ${exchange}/${routingKey}`));
      else if (error === null || error === undefined) resolve();
      else reject(isRefusal(error) ? new MessageRefusedError(`${exchange}/${routingKey} took no message`) : error);
    };
    channel.publish(
      exchange,
      routingKey,
      content,
      { ...options, persistent: true, mandatory: true, messageId },
      settle,
    );
  });
}

// The library's words for a negative confirmation; a channel that closed has others.
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'message nacked';
}
