/**
 * The leanest HTTP/1.1 client that does: requests are ready-made bytes, answers are cut out of what arrives. A general client costs
 * three to five times as much, and the generator shares the cores with what it measures.
 */
import { connect, type Socket } from 'node:net';
import { startInterval } from '#platform/time/timer.ts';
import { type HttpAnswer, readHttpAnswer } from './http-answer.ts';

/** Keep-alive connections to one address; each carries one request at a time. */
export type HttpPool = Disposable & {
  /** Sends a whole request. Rejects when the connection breaks or no answer comes in time. */
  send(request: Buffer): Promise<HttpAnswer>;
};

/** Bounds of a pool. */
export type HttpPoolOptions = {
  host: string;
  port: number;
  /** Connections at most; further requests wait for one. */
  connectionsMax: number;
  /** Requests that may wait for a connection; further ones are rejected. */
  queueLengthMax: number;
  /** Longest wait for an answer, in ms. */
  timeoutMs: number;
};

type Waiting = { request: Buffer; resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void };
type Connection = { socket: Socket; received: Buffer | undefined; current: Waiting | undefined; sendTimeMs: number };

const sweepMs = 500;

/** A pool without connections yet; they are opened as they are needed. */
export function createHttpPool(options: HttpPoolOptions): HttpPool {
  const connections = new Set<Connection>();
  const idle: Connection[] = [];
  const queue: Waiting[] = [];

  const begin = (connection: Connection, waiting: Waiting) => {
    connection.current = waiting;
    connection.sendTimeMs = performance.now();
    connection.socket.write(waiting.request);
  };
  const open = (): Connection => {
    const socket = connect({ host: options.host, port: options.port, noDelay: true });
    const connection: Connection = { socket, received: undefined, current: undefined, sendTimeMs: 0 };
    connections.add(connection);
    socket.on('data', (chunk) => receive(connection, chunk, () => goOn(connection)));
    socket.on('error', (error) => fail(connection, error));
    socket.on('close', () => {
      connections.delete(connection);
      const index = idle.indexOf(connection);
      if (index >= 0) idle.splice(index, 1);
      fail(connection, new Error('the connection was closed'));
      const waiting = queue.shift();
      if (waiting) begin(open(), waiting);
    });
    return connection;
  };
  const goOn = (connection: Connection) => {
    const waiting = queue.shift();
    if (waiting) begin(connection, waiting);
    else idle.push(connection);
  };
  const sweep = startInterval(sweepMs, () => {
    const lateMs = performance.now() - options.timeoutMs;
    for (const { current, sendTimeMs, socket } of connections) {
      if (current && sendTimeMs < lateMs) socket.destroy(new Error('no answer came in time'));
    }
  });

  return {
    send(request) {
      const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
      const waiting = { request, resolve, reject };
      const connection = idle.pop() ?? (connections.size < options.connectionsMax ? open() : undefined);
      if (connection) begin(connection, waiting);
      else if (queue.length < options.queueLengthMax) queue.push(waiting);
      else reject(new Error('too many requests wait for a connection'));
      return promise;
    },
    [Symbol.dispose]() {
      sweep[Symbol.dispose]();
      for (const { reject } of queue.splice(0)) reject(new Error('the pool was closed'));
      for (const { socket } of connections) socket.destroy();
    },
  };
}

function receive(connection: Connection, chunk: Buffer, done: () => void): void {
  connection.received = connection.received ? Buffer.concat([connection.received, chunk]) : chunk;
  try {
    const found = readHttpAnswer(connection.received);
    if (!found) return;
    const { current } = connection;
    connection.received = undefined;
    connection.current = undefined;
    done();
    current?.resolve(found.answer);
  } catch (error) {
    connection.socket.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function fail(connection: Connection, error: Error): void {
  const { current } = connection;
  connection.current = undefined;
  current?.reject(error);
}
