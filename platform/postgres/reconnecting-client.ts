import pg from 'pg';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';

/** One connection outside of any pool that is made again, with backoff from 100 ms to 2 s, whenever it ends. */
export type ReconnectingClient = AsyncDisposable & {
  /** The connection, once it is there; rejects only when disposed before. The first call connects. */
  get(): Promise<pg.Client>;
};

/** `onConnect` prepares each new connection before it is given out; `onReconnect` is called after all but the first. */
export function createReconnectingClient(options: {
  config: pg.ClientConfig;
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
      await client?.end().catch(() => {});
    },
  };
}

async function connectOnce(options: Parameters<typeof createReconnectingClient>[0]): Promise<pg.Client> {
  const client = new pg.Client(options.config);
  client.on('error', (error) => options.logger.warn({ error }, 'the connection for notifications broke'));
  try {
    await client.connect();
    await options.onConnect(client);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
