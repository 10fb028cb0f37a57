import pg from 'pg';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startInterval } from '#platform/time/timer.ts';
import { within } from '#platform/time/within.ts';
import { NoAnswerError } from './connection-watch.ts';

const goodbyeMs = 1_000;

/** One connection outside of any pool that is made again, with backoff from 100 ms to 2 s, whenever it ends. */
export type ReconnectingClient = AsyncDisposable & {
  /** The connection, once it is there; rejects only when disposed before. The first call connects. */
  get(): Promise<pg.Client>;
};

/**
 * `onConnect` prepares each new connection before it is given out; `onReconnect` is called after all but the first. A connection that only
 * listens never learns that its server is frozen or gone: it is asked for a sign of life every `answerTimeoutMs`, and closed without one.
 */
export function createReconnectingClient(options: {
  config: pg.ClientConfig;
  answerTimeoutMs: number;
  onConnect: (client: pg.Client) => Promise<void>;
  onReconnect: () => void;
  logger: Logger;
}): ReconnectingClient {
  const { onReconnect, logger } = options;
  const closing = new AbortController();
  let connected: Promise<pg.Client> | undefined;

  const connect = async (): Promise<pg.Client> => {
    for (let attempt = 0; ; attempt += 1) {
      closing.signal.throwIfAborted();
      try {
        const client = await connectOnce(options);
        client.once('end', reconnect);
        return client;
      } catch (error) {
        logger.warn({ error, attempt }, 'cannot connect for notifications yet');
        await pause(backoffMs(attempt, 100, 2_000), closing.signal);
      }
    }
  };
  const reconnect = () => {
    if (closing.signal.aborted) return;
    connected = connect();
    connected.then(onReconnect, () => {});
  };

  return {
    get: () => {
      connected ??= connect();
      return connected;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      const client = await connected?.catch(() => undefined);
      if (client) await endWithin(client, goodbyeMs);
    },
  };
}

async function connectOnce(options: Parameters<typeof createReconnectingClient>[0]): Promise<pg.Client> {
  const client = new pg.Client(options.config);
  client.on('error', (error) => options.logger.warn({ error }, 'the connection for notifications broke'));
  try {
    await client.connect();
    closeWhenSilent(client, options.answerTimeoutMs);
    await options.onConnect(client);
    return client;
  } catch (error) {
    await endWithin(client, goodbyeMs);
    throw error;
  }
}

function closeWhenSilent(client: pg.Client, answerTimeoutMs: number): void {
  let isAnswered = true;
  const answered = () => {
    isAnswered = true;
  };
  // By ticks and not by time: a process that was suspended must not take its own pause for the server's.
  const timer = startInterval(answerTimeoutMs, () => {
    if (!isAnswered) return client.connection.stream.destroy(new NoAnswerError('the database is silent'));
    isAnswered = false;
    client.query('SELECT 1').then(answered, answered);
  }).unref();
  client.once('end', () => timer[Symbol.dispose]());
}

/** Ends a connection, without the server's help when that does not come in time. */
async function endWithin(client: pg.Client, timeoutMs: number): Promise<void> {
  await within(timeoutMs, client.end()).catch(() => client.connection.stream.destroy());
}
