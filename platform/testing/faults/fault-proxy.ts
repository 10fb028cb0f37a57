import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { seededRandom } from '../disorder.ts';
import { ProxiedConnection, type TcpTarget } from './proxied-connection.ts';

/** What the proxy stands before, and its bound. */
export type FaultProxyOptions = {
  target: TcpTarget;
  /** Most connections at a time, frozen and dropped ones included; further ones are reset. Default 256. */
  connectionsMax?: number;
};

/**
 * A TCP proxy on a port of 127.0.0.1. Each fault acts on the connections that are open when it is called, unless it says otherwise, and
 * a connection may meet several of them. Disposing it resets all connections.
 */
export type FaultProxy = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  /** The same URL, with the proxy's host and port. */
  through(url: string): string;
  /** Connections made from now on go to another server, as when a name has moved. */
  retarget(target: TcpTarget): void;
  /**
   * Stops forwarding on the open connections, which stay open, as when the server's process is stopped: its kernel still accepts what fits
   * into its buffers. New connections work.
   */
  freeze(): void;
  /** As `freeze`, for new connections too: they are accepted, and nothing answers. */
  freezeAll(): void;
  /** Ends `freeze` and `freezeAll`: what was held is forwarded. What was dropped stays dropped. */
  thaw(): void;
  /**
   * The server is gone without a reset: on the open connections nothing that a client sends is ever answered, and no end reaches it. The
   * server's side is closed, so that it rolls back.
   */
  drop(): void;
  /** Ends the open connections with a reset. */
  reset(): void;
  /** Accepts no connection from now on, or does so again: while refusing, new ones are reset. */
  refuse(isRefusing: boolean): void;
  /** Everything that is forwarded from now on, in either direction, comes this much later, in ms; 0: at once. */
  delay(delayMs: number): void;
  /**
   * Of the connections that are made from now on, a share loses its first answer: the server has it, and the client is reset or, each
   * second time, left in silence. Which ones follows from the seed. A share of 0 ends it.
   */
  loseAnswers(loss: { share: number; seed: number }): void;
  /** Answers that were lost so. */
  readonly lostCount: number;
  /** Connections that a client has open, in any state. */
  readonly openCount: number;
  /** Connections that were accepted since the start. */
  readonly acceptedCount: number;
};

const connectionsMaxDefault = 256;

/** Starts a proxy before the server that a URL names, which has a port. */
export function startProxyBefore(url: string): Promise<FaultProxy> {
  const { hostname: host, port } = new URL(url);
  return startFaultProxy({ target: { host, port: Number(port) } });
}

/** Starts a proxy that forwards until a fault is called for. */
export async function startFaultProxy({
  target,
  connectionsMax = connectionsMaxDefault,
}: FaultProxyOptions): Promise<FaultProxy> {
  const open = new Set<ProxiedConnection>();
  const state = { target, isFrozen: false, isRefusing: false, delayMs: 0, acceptedCount: 0, lostCount: 0 };
  let drawsLoss = () => false;
  const server = createServer({ pauseOnConnect: true }, (near) => {
    if (state.isRefusing || open.size >= connectionsMax) return void near.resetAndDestroy();
    state.acceptedCount += 1;
    const connection: ProxiedConnection = new ProxiedConnection(near, state.target, () => open.delete(connection));
    open.add(connection);
    connection.delayMs = state.delayMs;
    if (state.isFrozen) connection.freeze();
    if (drawsLoss()) connection.loseAnswer(() => (state.lostCount++ % 2 === 0 ? 'reset' : 'drop'));
  });
  const { port } = await listen(server);
  const onEach = (act: (connection: ProxiedConnection) => void) => {
    for (const connection of [...open]) act(connection);
  };
  return {
    host: '127.0.0.1',
    port,
    through(url) {
      const through = new URL(url);
      through.hostname = '127.0.0.1';
      through.port = String(port);
      return through.href;
    },
    retarget(next) {
      state.target = next;
    },
    freeze: () => onEach((connection) => connection.freeze()),
    freezeAll() {
      state.isFrozen = true;
      onEach((connection) => connection.freeze());
    },
    thaw() {
      state.isFrozen = false;
      onEach((connection) => connection.thaw());
    },
    drop: () => onEach((connection) => connection.drop()),
    reset: () => onEach((connection) => connection.reset()),
    refuse(isRefusing) {
      state.isRefusing = isRefusing;
    },
    delay(delayMs) {
      state.delayMs = delayMs;
      onEach((connection) => {
        connection.delayMs = delayMs;
      });
    },
    loseAnswers({ share, seed }) {
      const random = seededRandom(seed);
      drawsLoss = () => random() < share;
    },
    get lostCount() {
      return state.lostCount;
    },
    get openCount() {
      return open.size;
    },
    get acceptedCount() {
      return state.acceptedCount;
    },
    async [Symbol.asyncDispose]() {
      onEach((connection) => connection.reset());
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<AddressInfo> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address() as AddressInfo;
}
