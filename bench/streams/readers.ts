/** Readers of streams, in a process of their own: gRPC streams that share connections, or a browser's: Connect, each on a connection. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { MarketService, StreamQuotesRequestSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { startInterval } from '#platform/time/timer.ts';
import { frame } from '../baseline/connect-frames.ts';
import { type Distribution, distributionOf } from '../load/distribution.ts';
import { serveTasks } from '../system/helper-process.ts';
import { connectGrpc, type GrpcConnection } from './grpc-connection.ts';
import { createStampReader } from './stamps.ts';

/** What the process can be asked for. */
export type ReaderTasks = typeof tasks;

/** Who reads: `grpc` with 200 streams a connection, or `connect1` over HTTP/1.1. */
export type Protocol = 'grpc' | 'connect1';

const path = `/${MarketService.typeName}/${MarketService.method.streamQuotes.name}`;
const streamsPerConnection = 200;
const openingMax = 100;

const closers: (() => void)[] = [];
let messages = 0;
let bytes = 0;
let broken = 0;
let agesMs: number[] = [];
let read = createStampReader(1, () => {});

const take = (chunk: Buffer) => {
  messages += read(chunk);
  bytes += chunk.length;
};

const tasks = {
  /** Opens streams, one for each list of symbols; resolves when each has its first bytes. */
  async open({ protocol, port, lists }: { protocol: Protocol; port: number; lists: string[][] }): Promise<void> {
    let connection: GrpcConnection | undefined;
    let opening: Promise<void>[] = [];
    for (const [index, symbols] of lists.entries()) {
      if (protocol === 'connect1') opening.push(openConnect1(port, symbols));
      else {
        if (index % streamsPerConnection === 0) connection = connectRaw(port);
        opening.push((connection as GrpcConnection).open(path, bodyOf(symbols)));
      }
      if (opening.length < openingMax) continue;
      await Promise.all(opening);
      opening = [];
    }
    await Promise.all(opening);
  },
  /** Opens a stream of which a message's worth of bytes is read each second. */
  async openSlow({ port, symbols, bytesPerRead }: { port: number; symbols: string[]; bytesPerRead: number }) {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on('error', onBroken);
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request(headers);
    stream.on('error', () => {});
    stream.end(bodyOf(symbols));
    await once(stream, 'response');
    stream.pause();
    const timer = startInterval(1_000, () => void stream.read(bytesPerRead));
    closers.push(
      () => timer[Symbol.dispose](),
      () => session.destroy(),
    );
  },
  /** Counts for a time; the ages are of every `sampleEvery`th message, in ms. */
  async measure({ seconds, sampleEvery }: { seconds: number; sampleEvery: number }) {
    agesMs = [];
    read = createStampReader(sampleEvery, (ageMs) => agesMs.push(Math.max(0, ageMs)));
    const before = { messages, bytes, timeMs: performance.now() };
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const tookSeconds = (performance.now() - before.timeMs) / 1_000;
    const ages: Distribution = distributionOf(agesMs);
    const received = messages - before.messages;
    return { messages: received, perSecond: received / tookSeconds, bytes: bytes - before.bytes, ages, broken };
  },
  async close(_: undefined): Promise<void> {
    for (const close of closers.splice(0)) close();
    broken = 0;
  },
};

function bodyOf(symbols: string[]): Buffer {
  return frame(toBinary(StreamQuotesRequestSchema, create(StreamQuotesRequestSchema, { symbols })));
}

const onBroken = () => {
  broken += 1;
};

function connectRaw(port: number): GrpcConnection {
  const connection = connectGrpc(port, { onBytes: take, onBroken });
  closers.push(() => connection.close());
  return connection;
}

/** A raw socket: a client of node:http would cost more than what is measured. */
function openConnect1(port: number, symbols: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const body = bodyOf(symbols);
  const socket = net.connect(port, '127.0.0.1');
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/connect+proto',
    'Connect-Protocol-Version: 1',
    `Content-Length: ${body.length}`,
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  socket.on('data', (chunk) => {
    resolve();
    take(chunk);
  });
  socket.on('error', reject);
  socket.on('close', onBroken);
  closers.push(() => {
    socket.off('close', onBroken);
    socket.destroy();
  });
  return promise;
}

serveTasks(tasks);
