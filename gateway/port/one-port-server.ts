/**
 * One port for HTTP/1.1 and cleartext HTTP/2 (h2c by prior knowledge, RFC 9113 section 3.3). The first three bytes of a connection
 * decide: an HTTP/2 client must open with a preface that starts with "PRI", and no HTTP/1.1 method does.
 */
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';

/**
 * Answers a request of either protocol. HTTP/2 requests come through Node's compatibility API, which has the parts of the
 * HTTP/1.1 one that handlers use here, so handlers are written against that.
 */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** The bounds of the port. */
export type OnePortLimits = {
  /** A connection that sends nothing for this time, in ms, is closed. */
  firstByteTimeoutMs: number;
  /** Request headers of HTTP/1.1 must be complete in this time, in ms. */
  headersTimeoutMs: number;
  /** A request of HTTP/1.1 must be complete in this time, in ms. */
  requestTimeoutMs: number;
  /** Open connections; further ones are closed at once. */
  connectionsMax: number;
  /** Calls at once on one HTTP/2 connection. */
  concurrentStreamsMax: number;
  /** Bytes of all headers of one request. */
  headerBytesMax: number;
};

/** The defaults. */
export const defaultOnePortLimits: OnePortLimits = {
  firstByteTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  connectionsMax: 20_000,
  concurrentStreamsMax: 256,
  headerBytesMax: 32 * 1024,
};

/** A listening port. */
export type OnePortServer = AsyncDisposable & {
  port: number;
  /** Takes no new connections, tells HTTP/2 peers to go away, and waits at most `graceMs` for requests in progress. */
  drain(graceMs: number): Promise<void>;
};

const prefaceStart = Buffer.from('PRI');

/** Listens on `host:port` (0: any free port). Rejects when the port cannot be had. */
export async function listenOnePort(options: {
  host: string;
  port: number;
  handler: RequestHandler;
  limits?: Partial<OnePortLimits>;
}): Promise<OnePortServer> {
  const limits = { ...defaultOnePortLimits, ...options.limits };
  const http1 = createHttp1(options.handler, limits);
  const { http2Server, sessions } = createHttp2(options.handler, limits);
  const sockets = new Set<net.Socket>();
  let draining = false;
  // A connection may have been accepted before the drain and say only now that it speaks HTTP/2.
  http2Server.on('session', (session) => {
    if (draining) session.close();
  });
  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    route(socket, limits.firstByteTimeoutMs, (isHttp2) => (isHttp2 ? http2Server : http1).emit('connection', socket));
  });
  front.maxConnections = limits.connectionsMax;
  await listen(front, options.host, options.port);
  // Without this event the inner server never starts the timer that enforces its header and request timeouts.
  http1.emit('listening');

  const drain = async (graceMs: number) => {
    draining = true;
    const closed = new Promise<void>((resolve) => front.close(() => resolve()));
    for (const session of sessions) session.close();
    http1.closeIdleConnections();
    const idle = setInterval(() => http1.closeIdleConnections(), 100);
    const force = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(force);
  };
  let drained: Promise<void> | undefined;
  const drainOnce = (graceMs: number) => {
    drained ??= drain(graceMs);
    return drained;
  };
  return {
    port: (front.address() as net.AddressInfo).port,
    drain: drainOnce,
    async [Symbol.asyncDispose]() {
      await drainOnce(0);
      // Stops the interval that `listening` started; the inner server itself never listened.
      http1.emit('close');
      http1.close();
    },
  };
}

function createHttp1(handler: RequestHandler, limits: OnePortLimits): http.Server {
  const server = http.createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      maxHeaderSize: limits.headerBytesMax,
      keepAliveTimeout: 65_000,
    },
    handler,
  );
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

function createHttp2(handler: RequestHandler, limits: OnePortLimits) {
  const http2Server = http2.createServer(
    { settings: { maxConcurrentStreams: limits.concurrentStreamsMax, maxHeaderListSize: limits.headerBytesMax } },
    handler as never,
  );
  const sessions = new Set<http2.ServerHttp2Session>();
  http2Server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  http2Server.on('sessionError', () => {});
  return { http2Server, sessions };
}

/** Reads until the first three bytes are there, puts them back, and says which protocol they begin. */
function route(socket: net.Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const onError = () => socket.destroy();
  const onReadable = () => {
    const start: Buffer | null = socket.read(prefaceStart.length);
    if (start === null) {
      if (socket.readableEnded) socket.destroy();
      return;
    }
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.off('error', onError);
    socket.unshift(start);
    decide(start.equals(prefaceStart));
  };
  socket.on('error', onError);
  socket.on('readable', onReadable);
  socket.once('close', () => clearTimeout(timer));
}

function listen(server: net.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}
