/** Closing a connection whose client is still sending, in such a way that the client can read the answer. */
import type net from 'node:net';
import { startTimer } from '#platform/time/timer.ts';

/**
 * Sends `lastBytes` and the end of the stream, and closes when the client has closed too or after `lingerMs`. What the client still
 * sends is read and thrown away, `discardedBytesMax` bytes at most: a connection that is closed with unread bytes is reset, and the
 * reset may reach the client before it has read the answer. Nothing that arrives from here on is parsed.
 */
export function closeLingering(
  socket: net.Socket,
  limits: { lingerMs: number; discardedBytesMax: number },
  lastBytes = '',
): void {
  const timer = startTimer(limits.lingerMs, () => socket.destroy());
  socket.once('close', () => timer[Symbol.dispose]());
  socket.removeAllListeners('data');
  let discardedBytes = 0;
  socket.on('data', (chunk: Buffer) => {
    discardedBytes += chunk.length;
    if (discardedBytes > limits.discardedBytesMax) socket.pause();
  });
  socket.once('end', () => socket.destroy());
  socket.resume();
  socket.end(lastBytes);
}
