import pg from 'pg';
import { createMutex } from '#platform/concurrency/mutex.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { createReconnectingClient } from './reconnecting-client.ts';

type OnNotify = (payload: string) => void;

/** One connection that listens on any number of channels and is made again when it breaks. */
export type Listener = AsyncDisposable & {
  listen(channel: string, onNotify: OnNotify): Promise<AsyncDisposable>;
};

/** A listener that connects when the first channel is asked for. */
export function createListener(options: {
  config: pg.ClientConfig;
  /** Longest wait for an answer, in ms; as often the connection is tried. */
  answerTimeoutMs: number;
  logger: Logger;
}): Listener {
  const channels = new Map<string, Set<OnNotify>>();
  const inTurn = createMutex();
  const deliver = (channel: string, payload: string) => {
    for (const onNotify of channels.get(channel) ?? []) onNotify(payload);
  };
  const connection = createReconnectingClient({
    ...options,
    onConnect: async (client) => {
      client.on('notification', ({ channel, payload }) => deliver(channel, payload ?? ''));
      for (const channel of channels.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    },
    onReconnect: () => {
      for (const channel of channels.keys()) deliver(channel, '');
    },
  });

  const unlisten = async (channel: string, onNotify: OnNotify) => {
    const listeners = channels.get(channel);
    listeners?.delete(onNotify);
    if (listeners?.size !== 0) return;
    channels.delete(channel);
    // Not awaited: nothing is delivered any more, and a shutdown must not hang while the server is unreachable.
    connection
      .get()
      .then(
        (client) =>
          inTurn(async () => channels.has(channel) || client.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`)),
        () => {},
      )
      .catch(() => {});
  };

  return {
    async listen(channel, onNotify) {
      channels.set(channel, (channels.get(channel) ?? new Set()).add(onNotify));
      const client = await connection.get();
      // If the connection breaks here, the next one listens to every channel in the map before it is used.
      await inTurn(() => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)).catch(() => connection.get());
      return { [Symbol.asyncDispose]: () => unlisten(channel, onNotify) };
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
