import { type ChannelModel, connect } from 'amqplib';
import type { Logger } from '#platform/telemetry/logger.ts';
import { within } from '#platform/time/within.ts';
import { type BrokerConnection, brokerUnavailable, createConnection } from './connection.ts';

/** A connection to the broker that is made when it is needed, and again after it was lost. */
export type BrokerLink = AsyncDisposable & {
  /** The connection; rejects with UNAVAILABLE when there is none within 3 s. */
  open(): Promise<BrokerConnection>;
  /** Why the broker takes no messages at the moment, such as low memory; undefined while it does. */
  blockedReason(): string | undefined;
  /** Calls `listener` when the broker stops taking messages, until the function returned is called. */
  onBlocked(listener: (reason: string) => void): () => void;
};

const openTimeoutMs = 3_000;
/** An attempt to connect goes on for this long, so that a broker that is slow is reached by a later caller. */
const connectTimeoutMs = 10_000;
const closeTimeoutMs = 2_000;
/** Seconds. A broker that is silent for two to three of them is taken for gone. */
const heartbeatSeconds = 5;

/** One attempt to connect, and its connection. */
type Attempt = { connection: Promise<BrokerConnection>; model?: ChannelModel; blocked?: string };

/** A link that is not connected yet. `name` is what the broker shows of it. */
export function createBrokerLink(options: { url: string; name: string; logger: Logger }): BrokerLink {
  const { url, logger, name } = options;
  const listeners = new Set<(reason: string) => void>();
  let current: Attempt | undefined;
  let isDisposed = false;

  const forget = (attempt: Attempt) => {
    if (current === attempt) current = undefined;
  };
  const listen = (model: ChannelModel, attempt: Attempt) => {
    // Without a listener an error of the connection would end the process.
    model.on('error', (error) => logger.warn({ error, name }, 'the connection to the broker failed'));
    model.on('close', () => forget(attempt));
    model.on('blocked', (reason) => {
      attempt.blocked = reason;
      logger.warn({ reason, name }, 'the broker takes no messages');
      for (const listener of listeners) listener(reason);
    });
    model.on('unblocked', () => {
      attempt.blocked = undefined;
      logger.info({ name }, 'the broker takes messages again');
    });
  };
  const connectOnce = async (attempt: Attempt): Promise<BrokerConnection> => {
    const model = await connectTo(url, name);
    listen(model, attempt);
    const drop = () => {
      forget(attempt);
      destroy(model);
    };
    // Others may have given it up meanwhile and have another.
    if (current !== attempt || isDisposed) {
      drop();
      throw new Error('the connection came too late');
    }
    attempt.model = model;
    return createConnection(model, drop);
  };
  const begin = (): Attempt => {
    const { promise, resolve } = Promise.withResolvers<BrokerConnection>();
    const attempt: Attempt = { connection: promise };
    current = attempt;
    resolve(within(connectTimeoutMs, connectOnce(attempt)));
    promise.catch(() => forget(attempt));
    return attempt;
  };

  return {
    async open() {
      if (isDisposed) throw brokerUnavailable(new Error('the bus is closed'));
      try {
        return await within(openTimeoutMs, (current ?? begin()).connection);
      } catch (cause) {
        throw brokerUnavailable(cause);
      }
    },
    blockedReason: () => current?.blocked,
    onBlocked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      const model = current?.model;
      if (model === undefined) return;
      await within(closeTimeoutMs, model.close()).catch(() => destroy(model));
    },
  };
}

function connectTo(url: string, name: string): Promise<ChannelModel> {
  const clientProperties = { connection_name: name };
  return connect(withHeartbeat(url), { timeout: connectTimeoutMs, noDelay: true, clientProperties });
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
