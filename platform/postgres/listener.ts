import pg from 'pg';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from './backoff.ts';
import { oneAtATime } from './one-at-a-time.ts';

type OnNotify = (payload: string) => void;

/** One connection that listens on any number of channels and is made again when it breaks. */
export type Listener = AsyncDisposable & {
  listen(channel: string, onNotify: OnNotify): Promise<AsyncDisposable>;
};

/** A listener that connects when the first channel is asked for. */
export function createListener(options: { config: pg.ClientConfig; logger: Logger }): Listener {
  const { config, logger } = options;
  const channels = new Map<string, Set<OnNotify>>();
  const closing = new AbortController();
  const inTurn = oneAtATime();
  let connected: Promise<pg.Client> | undefined;

  const deliver = (channel: string, payload: string) => {
    for (const onNotify of channels.get(channel) ?? []) onNotify(payload);
  };

  const connectOnce = async () => {
    const client = new pg.Client(config);
    client.on('error', (error) => logger.warn({ error }, 'the connection for notifications broke'));
    client.on('notification', ({ channel, payload }) => deliver(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of channels.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  };

  const connect = async (): Promise<pg.Client> => {
    for (let attempt = 0; ; attempt += 1) {
      closing.signal.throwIfAborted();
      try {
        const client = await connectOnce();
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
    connected.then(
      () => {
        for (const channel of channels.keys()) deliver(channel, '');
      },
      () => {},
    );
  };

  const unlisten = async (channel: string, onNotify: OnNotify) => {
    const listeners = channels.get(channel);
    listeners?.delete(onNotify);
    if (listeners?.size !== 0) return;
    channels.delete(channel);
    const client = await connected?.catch(() => undefined);
    if (!client || channels.has(channel)) return;
    await inTurn(() => client.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`)).catch(() => {});
  };

  return {
    async listen(channel, onNotify) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(onNotify));
      connected ??= connect();
      const client = await connected;
      await inTurn(() => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)).catch(async () => {
        // The connection broke under us; the next one listens to every channel in the map before it is given out.
        await connected;
      });
      return { [Symbol.asyncDispose]: () => unlisten(channel, onNotify) };
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      const client = await connected?.catch(() => undefined);
      await client?.end().catch(() => {});
    },
  };
}
