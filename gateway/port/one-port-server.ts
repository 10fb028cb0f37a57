/**
 * One port for HTTP/1.1 and cleartext HTTP/2 (h2c by prior knowledge, RFC 9113 section 3.3). The first three bytes of a connection
 * decide: an HTTP/2 client must open with a preface that starts with "PRI", and no HTTP/1.1 method does.
 */
import net from 'node:net';
import { startInterval, startTimer } from '#platform/time/timer.ts';
import { createHttp1 } from './http1.ts';
import { createHttp2 } from './http2.ts';
import { defaultOnePortLimits, type OnePortLimits } from './limits.ts';
import { type DescribeRefusal, internalFault, sendRefusal } from './refusal.ts';
import { guardHandler, ignoreErrors, type RequestHandler } from './request-handler.ts';
import { createStartQueue } from './start-queue.ts';

export type { RequestHandler };

/** A listening port. */
export type OnePortServer = AsyncDisposable & {
  port: number;
  /** Takes no new connections, sends HTTP/2 peers GOAWAY, and waits at most `graceMs` for requests in progress. */
  drain(graceMs: number): Promise<void>;
};

const prefaceStart = Buffer.from('PRI');
const closeIdleIntervalMs = 100;
// A connection for which there is no room is tried again by its client's kernel after 1, 3 and 7 s: under load that would be all that
// callers see. The system's own bound (Linux: net.core.somaxconn) applies besides.
const notAcceptedMax = 4_096;

/** Listens on `host:port` (0: any free port). Rejects when the port cannot be had. */
export async function listenOnePort(options: {
  host: string;
  port: number;
  handler: RequestHandler;
  limits?: Partial<OnePortLimits>;
  /** The body of what the port refuses by itself; default: its code and message. */
  describeRefusal?: DescribeRefusal;
  /** Gets what the handler throws. */
  onFault?: (error: unknown) => void;
}): Promise<OnePortServer> {
  const { describeRefusal = ({ code, message }) => JSON.stringify({ code, message }), onFault = () => {} } = options;
  const limits = { ...defaultOnePortLimits, ...options.limits };
  const queue = createStartQueue({ waitingMax: limits.startsWaitingMax });
  const handler = guardHandler(options.handler, (error, response) => {
    onFault(error);
    if (response.headersSent) response.destroy();
    else sendRefusal(response, internalFault, describeRefusal);
  });
  const http1 = createHttp1({ handler, queue, limits, describeRefusal });
  const http2 = createHttp2({ handler, queue, limits });
  const sockets = new Set<net.Socket>();
  const front = net.createServer({ noDelay: true }, (socket) => {
    ignoreErrors(socket);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    route(socket, limits.firstByteTimeoutMs, (isHttp2) => (isHttp2 ? http2 : http1).accept(socket));
  });
  front.maxConnections = limits.connectionsMax;
  await listen(front, options.host, options.port);

  const drain = async (graceMs: number) => {
    const closed = new Promise<void>((resolve) => front.close(() => resolve()));
    http2.drain();
    http1.closeIdle();
    using _idle = startInterval(closeIdleIntervalMs, () => http1.closeIdle());
    using _force = startTimer(graceMs, () => {
      for (const socket of sockets) socket.destroy();
    });
    await closed;
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
      http1[Symbol.dispose]();
      http2[Symbol.dispose]();
    },
  };
}

/** Reads until the first three bytes are there, puts them back, and says which protocol they begin. */
function route(socket: net.Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  const timer = startTimer(timeoutMs, () => socket.destroy());
  const onReadable = () => {
    const start: Buffer | null = socket.read(prefaceStart.length);
    if (start === null) {
      if (socket.readableEnded) socket.destroy();
      return;
    }
    timer[Symbol.dispose]();
    socket.off('readable', onReadable);
    socket.unshift(start);
    decide(start.equals(prefaceStart));
  };
  socket.on('readable', onReadable);
  socket.once('close', () => timer[Symbol.dispose]());
}

function listen(server: net.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: notAcceptedMax }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}
