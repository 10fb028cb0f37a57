/** A TCP proxy that misbehaves as networks do: it holds bytes back, or loses a peer, without a reset that either side would notice. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A proxy before one port of this machine. */
export type TcpProxy = AsyncDisposable & {
  readonly port: number;
  /** Connections that are open. */
  readonly connectionCount: number;
  /** From now on no byte passes on the connections that are open, in either direction, and no end of one; new ones are held as well. */
  stall(): void;
  /** What was held back since `stall` passes, and everything after it. */
  release(): void;
  /** The connections that are open never pass a byte again, though both sides hold them open; new ones work at once. */
  abandon(): void;
  /** Delays every chunk by so many milliseconds; 0 ends it. */
  delay(delayMs: number): void;
  /** Ends the connections that are open with a reset. */
  reset(): void;
};

type Pair = { client: Socket; server: Socket; abandoned: boolean };

const host = '127.0.0.1';
// Abandoned connections that are remembered; older ones are ended.
const abandonedMax = 200;

/** Listens on a port of its own and passes every connection on to `targetPort`. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const state = { delayMs: 0, gate: undefined as PromiseWithResolvers<void> | undefined };
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    void open(client, { targetPort, pairs, state }).catch(() => client.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  const release = () => {
    state.gate?.resolve();
    state.gate = undefined;
  };
  return {
    port: portOf(server),
    get connectionCount() {
      return pairs.size;
    },
    stall() {
      state.gate ??= Promise.withResolvers();
    },
    release,
    abandon() {
      for (const pair of pairs) pair.abandoned = true;
      const old = [...pairs].filter(({ abandoned }) => abandoned).slice(0, -abandonedMax);
      for (const pair of old) end(pair, pairs);
    },
    delay(delayMs) {
      state.delayMs = delayMs;
    },
    reset() {
      for (const { client, server: other } of pairs) for (const socket of [client, other]) socket.resetAndDestroy();
      pairs.clear();
    },
    async [Symbol.asyncDispose]() {
      release();
      for (const pair of pairs) end(pair, pairs);
      server.close();
      await once(server, 'close');
    },
  };
}

type Context = {
  targetPort: number;
  pairs: Set<Pair>;
  state: { delayMs: number; gate: PromiseWithResolvers<void> | undefined };
};

async function open(client: Socket, { targetPort, pairs, state }: Context): Promise<void> {
  await state.gate?.promise;
  const server = connect({ host, port: targetPort, allowHalfOpen: true });
  const pair: Pair = { client, server, abandoned: false };
  pairs.add(pair);
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    socket.on('error', () => pair.abandoned || end(pair, pairs));
    socket.on('close', () => pair.abandoned || end(pair, pairs));
  }
  await Promise.all([pass(client, server, pair, state), pass(server, client, pair, state)]);
}

/** Passes what comes from one side to the other until it ends; an abandoned connection passes nothing, its end included. */
async function pass(from: Socket, to: Socket, pair: Pair, state: Context['state']): Promise<void> {
  try {
    for await (const chunk of from) {
      if (state.delayMs > 0) await sleep(state.delayMs);
      while (state.gate !== undefined) await state.gate.promise;
      if (pair.abandoned) return from.pause() && undefined;
      if (!to.write(chunk as Buffer)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
    while (state.gate !== undefined) await state.gate.promise;
    if (!pair.abandoned) to.end();
  } catch {
    // The other side has the error; both are ended by it.
  }
}

function end(pair: Pair, pairs: Set<Pair>): void {
  pairs.delete(pair);
  pair.client.destroy();
  pair.server.destroy();
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}
