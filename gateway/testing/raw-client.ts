/** A client that sends bytes, for tests of what a server does with those that no library sends. */
import net from 'node:net';

/** A connection of such a client. */
export type RawClient = Disposable & {
  socket: net.Socket;
  /** Everything received so far. */
  readonly received: Buffer;
  /** Resolves when the connection is closed by either side. */
  closed: Promise<void>;
  /** Sends the piece again and again, `bytesMax` in all, as fast as the server takes it; resolves with the bytes sent by the end of the connection. */
  pour(piece: Buffer, bytesMax: number): Promise<number>;
  /** Resolves when what was received contains the text. Rejects when the connection ends before. */
  receive(text: string): Promise<void>;
};

/** Connects to a port of this machine. Errors of the connection only close it. */
export function connectRaw(port: number): RawClient {
  const socket = net.connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    get received() {
      return Buffer.concat(chunks);
    },
    closed,
    async pour(piece, bytesMax) {
      let sentBytes = 0;
      const send = () => {
        while (sentBytes < bytesMax && socket.writable) {
          sentBytes += piece.length;
          if (!socket.write(piece)) break;
        }
      };
      socket.on('drain', send);
      send();
      await closed;
      return sentBytes;
    },
    receive(text) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (Buffer.concat(chunks).includes(text)) resolve();
        };
        socket.on('data', look);
        look();
        void closed.then(() => reject(new Error(`the connection ended before '${text}'`)));
      });
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
