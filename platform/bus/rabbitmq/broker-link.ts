import { type ChannelModel, connect } from 'amqplib';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { within } from '#platform/time/within.ts';

/** A connection to the broker that is made when it is needed, and again after it was lost. */
export type BrokerLink = AsyncDisposable & {
  /** The connection; rejects with UNAVAILABLE when there is none within 3 s. */
  open(): Promise<ChannelModel>;
  /** Why the broker takes no messages at the moment, such as low memory; undefined while it does. */
  blockedReason(): string | undefined;
  /** Calls `listener` when the broker stops taking messages, until the function returned is called. */
  onBlocked(listener: (reason: string) => void): () => void;
  /** Ends the connection without waiting for the broker: what is under way on it fails. */
  drop(): void;
};

const connectTimeoutMs = 3_000;
const closeTimeoutMs = 2_000;
/** Seconds. A broker that is silent for two to three of them is taken for gone. */
const heartbeatSeconds = 5;

/** UNAVAILABLE, with the cause for the log. */
export function brokerUnavailable(cause: unknown): OutcryError {
  const message = 'the message broker is not reachable at the moment';
  return new OutcryError(Code.UNAVAILABLE, ErrorReason.DEPENDENCY_UNAVAILABLE, message, { cause });
}

/** A link that is not connected yet. `name` is what the broker shows of it. */
export function createBrokerLink(options: { url: string; name: string; logger: Logger }): BrokerLink {
  const { logger, name } = options;
  const listeners = new Set<(reason: string) => void>();
  let opening: Promise<ChannelModel> | undefined;
  let current: ChannelModel | undefined;
  let blocked: string | undefined;
  let isDisposed = false;

  const forget = (model: ChannelModel) => {
    if (current !== model) return;
    current = undefined;
    opening = undefined;
    blocked = undefined;
  };
  const connectOnce = async (): Promise<ChannelModel> => {
    const model = await connect(withHeartbeat(options.url), {
      timeout: connectTimeoutMs,
      noDelay: true,
      clientProperties: { connection_name: name },
    });
    // Without a listener an error of the connection would end the process.
    model.on('error', (error) => logger.warn({ error, name }, 'the connection to the broker failed'));
    model.on('close', () => forget(model));
    model.on('blocked', (reason) => {
      blocked = reason;
      logger.warn({ reason, name }, 'the broker takes no messages');
      for (const listener of listeners) listener(reason);
    });
    model.on('unblocked', () => {
      blocked = undefined;
      logger.info({ name }, 'the broker takes messages again');
    });
    current = model;
    if (isDisposed) destroy(model);
    return model;
  };

  return {
    async open() {
      if (isDisposed) throw brokerUnavailable(new Error('the bus is closed'));
      opening ??= connectOnce();
      const attempt = opening;
      try {
        return await within(connectTimeoutMs, attempt);
      } catch (cause) {
        if (opening === attempt) opening = undefined;
        throw brokerUnavailable(cause);
      }
    },
    blockedReason: () => blocked,
    onBlocked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drop() {
      if (current) destroy(current);
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      const model = current;
      if (model === undefined) return;
      await within(closeTimeoutMs, model.close()).catch(() => destroy(model));
    },
  };
}

// The library has no call for it: `close` asks the broker, and waits for its answer.
function destroy(model: ChannelModel): void {
  const { stream } = model.connection as typeof model.connection & { stream?: { destroy(error?: Error): void } };
  stream?.destroy(new Error('the connection was given up'));
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(heartbeatSeconds));
  return parsed.href;
}
