/** HTTP/2 on the connections of the port. */
import http2 from 'node:http2';
import type net from 'node:net';
import { Http2Connection } from './http2-connection.ts';
import type { OnePortLimits } from './limits.ts';
import { startPulse } from './pulse.ts';
import { ignoreErrors, type RequestHandler } from './request-handler.ts';
import type { StartQueue } from './start-queue.ts';

/** HTTP/2 for connections that something else accepts. */
export type Http2 = Disposable & {
  accept(socket: net.Socket): void;
  /** Lets the calls in progress finish and takes no more, on connections to come too. */
  drain(): void;
};

const beatMsMax = 1_000;

/**
 * A request of a stream that may have waited. Node ends a request when its stream ends; a stream without a body does so when the last
 * frame arrives, which may be before its call starts.
 */
class StartedRequest extends http2.Http2ServerRequest {
  constructor(...args: ConstructorParameters<typeof http2.Http2ServerRequest>) {
    super(...args);
    if (this.stream.readableEnded) this.push(null);
  }
}

/** Turns streams into requests and starts their calls through the queue. */
export function createHttp2(options: { handler: RequestHandler; queue: StartQueue; limits: OnePortLimits }): Http2 {
  const { handler, queue, limits } = options;
  const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, pingTimeoutMs } = limits;
  const connections = new Map<http2.Http2Session, Http2Connection>();
  let isDraining = false;
  const beatMs = Math.min(
    beatMsMax,
    ...[headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, pingTimeoutMs].map((ms) => ms / 4),
  );
  const pulse = startPulse(beatMs, (timeMs) => {
    for (const connection of connections.values()) connection.check(timeMs);
  });

  // It makes requests and responses of the streams that it is given, and has no connections of its own.
  const requests = http2.createServer({ Http2ServerRequest: StartedRequest }, handler as never);
  const settings = { maxConcurrentStreams: limits.concurrentStreamsMax, maxHeaderListSize: limits.headerBytesMax };

  return {
    accept(socket) {
      const session = http2.performServerHandshake(socket, { settings });
      const connection = new Http2Connection({ session, socket, limits, clock: pulse });
      connections.set(session, connection);
      session.once('close', () => connections.delete(session));
      session.on('stream', (stream, headers, flags, rawHeaders) => {
        ignoreErrors(stream);
        if (!connection.admit(stream)) return;
        queue.push({
          address: connection.address,
          connection,
          isGone: () => stream.closed || stream.destroyed,
          start: () => requests.emit('stream', stream, headers, flags, rawHeaders),
          refuse: () => connection.refuse(stream),
        });
      });
      // It may have been accepted before the drain.
      if (isDraining) session.close();
    },
    drain() {
      isDraining = true;
      for (const session of connections.keys()) session.close();
    },
    [Symbol.dispose]: () => pulse[Symbol.dispose](),
  };
}
