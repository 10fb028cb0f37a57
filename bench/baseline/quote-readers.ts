/** Readers of the quote stream, through the gateway: Connect streams with protobuf over HTTP/1.1, a connection each. */

import { Agent, request } from 'node:http';
import { create, toBinary } from '@bufbuild/protobuf';
import { StreamQuotesRequestSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { within } from '#platform/time/within.ts';
import { createFrameCounter, frame } from './connect-frames.ts';

/** Readers at work; disposing hangs up. */
export type QuoteReaders = Disposable & {
  /** Messages that all readers together have received so far. */
  messages(): number;
  /** Bytes of those messages. */
  bytes(): number;
  /** Streams that are not open, or not any more. */
  broken(): number;
};

/** Opens `streams` streams of all `symbols`; resolves when each has its first message. Rejects when one does not open in time. */
export async function openQuoteReaders(options: {
  host: string;
  port: number;
  streams: number;
  symbols: string[];
  timeoutMs: number;
}): Promise<QuoteReaders> {
  const { host, port, streams, symbols, timeoutMs } = options;
  const body = frame(toBinary(StreamQuotesRequestSchema, create(StreamQuotesRequestSchema, { symbols })));
  const agent = new Agent({ maxSockets: streams });
  const total = { messages: 0, bytes: 0, broken: 0 };
  const open = () => openStream({ host, port, agent, body, total });
  const opened = Promise.all(Array.from({ length: streams }, open));
  try {
    await within(timeoutMs, opened, () => new Error('a quote stream did not open in time'));
  } catch (error) {
    agent.destroy();
    throw error;
  }
  return {
    messages: () => total.messages,
    bytes: () => total.bytes,
    broken: () => total.broken,
    [Symbol.dispose]: () => agent.destroy(),
  };
}

type Total = { messages: number; bytes: number; broken: number };

/** Resolves at the first message and goes on reading. */
function openStream({
  host,
  port,
  agent,
  body,
  total,
}: {
  host: string;
  port: number;
  agent: Agent;
  body: Buffer;
  total: Total;
}) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = request({
    host,
    port,
    agent,
    method: 'POST',
    path: '/outcry.market.v1.MarketService/StreamQuotes',
    headers: { 'content-type': 'application/connect+proto', 'connect-protocol-version': '1' },
  });
  const end = (reason: string) => {
    total.broken += 1;
    reject(new Error(`a quote stream broke: ${reason}`));
  };
  call.on('error', (error) => end(error.message));
  call.on('response', (response) => {
    if (response.statusCode !== 200) return end(`HTTP ${response.statusCode}`);
    const counter = createFrameCounter();
    response.on('data', (chunk: Buffer) => {
      const { messages, isEnd } = counter.count(chunk);
      total.messages += messages;
      total.bytes += chunk.length;
      if (messages > 0) resolve();
      if (isEnd) end('it ended');
    });
    response.on('error', (error) => end(error.message));
  });
  call.end(body);
  return promise;
}
