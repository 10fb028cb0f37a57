import type { Server, Socket } from 'node:net';

/** Lets the replies to commands that came together leave together, in one write: each write wakes the sender. */
export function corkReplies(server: Server): void {
  server.prependListener('connection', (socket: Socket) => {
    // Paused until the SMTP server reads from it: nothing is lost to this listener.
    socket.pause();
    socket.on('data', () => {
      socket.cork();
      setImmediate(() => socket.uncork());
    });
  });
}
