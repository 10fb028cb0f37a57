import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy before a database that can stop in the middle of a client's write. */
export type CuttingProxy = AsyncDisposable & {
  /** The database's URL through the proxy. */
  url: string;
  /**
   * Forwards only the first half of the next chunk of any client that is longer than `bytes`, and holds the rest until `release`.
   * Resolves when that chunk has arrived.
   */
  cutNextOver(bytes: number): Promise<void>;
  /** Forwards the held chunks. */
  release(): void;
  /** Forwards nothing any more, on open and on new connections, and closes none: the database's machine is gone without a reset. */
  freeze(): void;
};

/** Starts a proxy before the database of a URL. */
export async function startCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets: Socket[] = [];
  let isFrozen = false;
  let armed: { bytes: number; cut: () => void } | undefined;
  let held: { far: Socket; pieces: Buffer[] } | undefined;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    far.on('data', (piece: Buffer) => {
      if (!isFrozen) near.write(piece);
    });
    far.on('end', () => near.end());
    near.on('end', () => far.end());
    near.on('data', (piece: Buffer) => {
      if (isFrozen) return;
      if (held?.far === far) held.pieces.push(piece);
      else if (armed && piece.length > armed.bytes) {
        const half = piece.length >> 1;
        far.write(piece.subarray(0, half));
        held = { far, pieces: [piece.subarray(half)] };
        armed.cut();
        armed = undefined;
      } else far.write(piece);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: url.href,
    cutNextOver: (bytes) =>
      new Promise((cut) => {
        armed = { bytes, cut };
      }),
    release() {
      for (const piece of held?.pieces ?? []) held?.far.write(piece);
      held = undefined;
    },
    freeze() {
      isFrozen = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
