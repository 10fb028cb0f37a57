/** HTTP/1.1 on the connections of the port. */
import http from 'node:http';
import type net from 'node:net';
import { Http1Request, http1ResponseClass } from './http1-messages.ts';
import type { OnePortLimits } from './limits.ts';
import { closeLingering } from './lingering-close.ts';
import { type DescribeRefusal, rawResponse, refusalOf, sendRefusal, tooManyWaiting } from './refusal.ts';
import { ignoreErrors, type RequestHandler } from './request-handler.ts';
import type { StartQueue } from './start-queue.ts';

/** HTTP/1.1 for connections that something else accepts. */
export type Http1 = Disposable & {
  accept(socket: net.Socket): void;
  /** Closes the connections without a call. */
  closeIdle(): void;
};

const checkIntervalMsMax = 1_000;

/** Parses requests and starts their calls through the queue. */
export function createHttp1(options: {
  handler: RequestHandler;
  queue: StartQueue;
  limits: OnePortLimits;
  describeRefusal: DescribeRefusal;
}): Http1 {
  const { handler, queue, limits, describeRefusal } = options;
  const server = http.createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(checkIntervalMsMax, limits.headersTimeoutMs / 4),
    maxHeaderSize: limits.headerBytesMax,
    keepAliveTimeout: limits.idleTimeoutMs,
    IncomingMessage: Http1Request,
    ServerResponse: http1ResponseClass(limits.discardedBytesMax),
  });
  server.timeout = limits.unreadTimeoutMs;
  const connections = new WeakMap<net.Socket, Http1Connection>();

  server.on('request', (request, response) => {
    ignoreErrors(request, response);
    const { socket } = request;
    connections.get(socket)?.add(request, response);
    queue.push({
      address: socket.remoteAddress ?? '',
      connection: socket,
      isGone: () => socket.destroyed,
      start: () => handler(request, response),
      refuse: () => sendRefusal(response, tooManyWaiting, describeRefusal),
    });
  });

  server.on('clientError', (error, duplex) => {
    const socket = duplex as net.Socket;
    if (!socket.writable || connections.get(socket)?.isAnswering) socket.destroy();
    else closeLingering(socket, limits, rawResponse(refusalOf(error), describeRefusal));
  });

  // Nothing moved for the time that an answer may lie unread, or for the time that a connection may be idle.
  server.on('timeout', (socket) => {
    if (socket.writableLength > 0 || !connections.get(socket)?.hasCalls) socket.destroy();
  });

  // Without this event the server never starts the timer that enforces its header and request timeouts.
  server.emit('listening');
  return {
    accept(socket) {
      const connection = new Http1Connection();
      connections.set(socket, connection);
      server.emit('connection', socket);
      const { destroySoon } = socket;
      // Node calls this after the last answer of a connection.
      socket.destroySoon = () => {
        if (connection.isInsideRequest) closeLingering(socket, limits);
        else destroySoon.call(socket);
      };
    },
    closeIdle: () => server.closeIdleConnections(),
    [Symbol.dispose]() {
      // Stops the timer; the server itself never listened.
      server.close();
    },
  };
}

/** What goes on on one connection. */
class Http1Connection {
  #latest: http.IncomingMessage | undefined;
  readonly #responses = new Set<http.ServerResponse>();

  add(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.#latest = request;
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
  }

  /** Whether the client is still sending the request that it began last. */
  get isInsideRequest(): boolean {
    return this.#latest?.complete === false;
  }

  get hasCalls(): boolean {
    return this.#responses.size > 0;
  }

  /** Whether a part of an answer may have left, so that nothing else may be sent. */
  get isAnswering(): boolean {
    return [...this.#responses].some((response) => response.headersSent);
  }
}
