/** What readers of shared streams have of an outage of the market, of their own slowness, and of each other. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Code as ConnectCode, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MarketService,
  StreamEndReason,
  StreamQuotesRequestSchema,
  type StreamQuotesResponse,
  StreamQuotesResponseSchema,
  type StreamTradesResponse,
} from '#gen/outcry/market/v1/market_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { pathTo } from '../testing/call-by-hand.ts';
import { createFakeMarket } from '../testing/fake-market.ts';
import { openStream } from '../testing/open-stream.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const market = createFakeMarket({ padding: '0'.repeat(300_000), isPadded: (symbol) => symbol === 'P' });
let gateway: TestGateway;
beforeAll(async () => {
  const config = { callsPerSecondMax: 1_000_000, callsBurstMax: 1_000_000 };
  gateway = await startTestGateway(
    market.fakes,
    config,
    {},
    { streamTimes: { heartbeatMs: 400, lostAfterMs: 20_000 } },
  );
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const clientOf = (port: number) =>
  createClient(MarketService, createConnectTransport({ baseUrl: `http://127.0.0.1:${port}`, httpVersion: '1.1' }));

function collect<M>(stream: AsyncIterable<M>): { messages: M[]; ended: Promise<unknown> } {
  const messages: M[] = [];
  const ended = (async () => {
    for await (const message of stream) messages.push(message);
  })().catch((error: unknown) => error);
  return { messages, ended };
}

const tradesOf = (messages: StreamTradesResponse[]) =>
  messages.filter(({ message }) => message.case === 'trade').map(({ sequence }) => sequence);
const quoteRequest = (symbol: string) =>
  grpcFrame(Buffer.from(toBinary(StreamQuotesRequestSchema, create(StreamQuotesRequestSchema, { symbols: [symbol] }))));
const openQuotes = (symbol: string) =>
  openStream(gateway.port, {
    httpVersion: 1,
    path: pathTo(MarketService.method.streamQuotes),
    headers: { 'content-type': 'application/connect+proto' },
    body: quoteRequest(symbol),
  });

describe('a stream of the fan-out', { timeout: 90_000 }, () => {
  it('bridges an outage of the market: every trade comes once, in order, to all', async () => {
    const client = clientOf(gateway.port);
    const position = { symbol: 'T', epoch: 'epoch-1', sequence: 1n };
    const readers = Array.from({ length: 30 }, () =>
      collect(client.streamTrades({ symbols: ['T'], positions: [position] })),
    );
    await eventually(() => expect(readers.filter(({ messages }) => messages.length === 0)).toEqual([]));
    for (let round = 0; round < 4; round += 1) {
      market.move('T');
      market.isAway = true;
      market.fail('unavailable');
      market.move('T');
      market.move('T');
      market.isAway = false;
    }
    const expected = Array.from({ length: 12 }, (_, index) => BigInt(index + 2));
    await eventually(() => {
      for (const { messages } of readers) expect(tradesOf(messages)).toEqual(expected);
    });
    expect(readers.flatMap(({ messages }) => messages.filter(({ message }) => message.case === 'gap'))).toEqual([]);
    // Another one goes on from the middle, and one from before all that the gateway has seen.
    for (const [sequence, count] of [
      [7n, 6],
      [1n, 12],
      [0n, 12],
    ] as const) {
      const resumed = collect(client.streamTrades({ symbols: ['T'], positions: [{ ...position, sequence }] }));
      await eventually(() => expect(tradesOf(resumed.messages)).toEqual(expected.slice(-count)));
    }
  });

  it('gives a slow reader the newest with the number of those left out, and the others all', async () => {
    const fast = collect(clientOf(gateway.port).streamQuotes({ symbols: ['P'] }));
    const slow = openQuotes('P');
    await eventually(() => expect(Math.min(fast.messages.length, slow.bodyBytes)).toBeGreaterThan(0));
    slow.pause();
    // More than the buffers of both ends hold: 300 kB each.
    for (let i = 0; i < 50; i += 1) {
      market.move('P');
      const last = market.sequenceOf('P');
      await eventually(() => expect(fast.messages.at(-1)?.sequence).toBe(last), { timeoutMs: 60_000 });
    }
    const last = market.sequenceOf('P');
    slow.resume();
    const read = () => messagesOf(slow.body);
    await eventually(() => expect(read().at(-1)?.sequence).toBe(last));
    const seen = read().filter(({ message }) => message.case === 'quote');
    const left = seen.reduce((sum, { conflatedCount }) => sum + Number(conflatedCount), 0);
    const sent = fast.messages.filter(({ message }) => message.case === 'quote').length;
    expect(left).toBeGreaterThan(0);
    expect(seen.length + left).toBe(sent);
    slow.leave();
  });

  /** Waits for the end of a stream of quotes, and resumes from its token. */
  async function expectEnd(reader: ReturnType<typeof collect<StreamQuotesResponse>>, reason: StreamEndReason) {
    expect(await reader.ended).toBeUndefined();
    const end = reader.messages.at(-1)?.message;
    expect(end).toMatchObject({ case: 'end', value: { reason } });
    const { resumeToken } = (end?.value ?? {}) as { resumeToken: string };
    const resumed = collect(clientOf(gateway.port).streamTrades({ symbols: ['B'], resumeToken }));
    await eventually(() => expect(resumed.messages[0]?.message.case).toBe('heartbeat'));
  }

  it('changes its symbols, and ends with a token of the new ones', async () => {
    const leaving = await startTestGateway(market.fakes, {}, {}, { streamTimes: { heartbeatMs: 400 } });
    const client = clientOf(leaving.port);
    const streamId = 'stream-0123456789';
    const reader = collect(client.streamQuotes({ symbols: ['A'], streamId }));
    await eventually(() => expect(reader.messages.length).toBeGreaterThan(0));
    expect(await client.changeStream({ streamId, symbols: ['B', 'A'] })).toMatchObject({ symbols: ['B', 'A'] });
    const kinds = () => reader.messages.map(({ message }) => message.case);
    await eventually(() => expect(kinds()).toEqual(expect.arrayContaining(['quote', 'heartbeat'])));
    const quotes = reader.messages.flatMap(({ message }) => (message.case === 'quote' ? [message.value.symbol] : []));
    expect(quotes).toEqual(['B']);
    await expect(client.changeStream({ streamId, symbols: ['XX'] })).rejects.toMatchObject({
      code: ConnectCode.NotFound,
    });
    await leaving[Symbol.asyncDispose]();
    await expectEnd(reader, StreamEndReason.SHUTDOWN);
  });

  it('ends at its age with a token that resumes it', async () => {
    await using short = await startTestGateway(market.fakes, {}, {}, { streamTimes: { ageMaxMs: 1_000 } });
    await expectEnd(collect(clientOf(short.port).streamQuotes({ symbols: ['B'] })), StreamEndReason.AGE);
  });

  it('that is opened and dropped again and again leaves nothing, and others are served', async () => {
    const reader = collect(clientOf(gateway.port).streamQuotes({ symbols: ['A'] }));
    await eventually(() => expect(reader.messages.length).toBeGreaterThan(0));
    for (let round = 0; round < 5; round += 1) {
      const streams = Array.from({ length: 50 }, () => openQuotes('A'));
      await eventually(() => expect(streams.filter(({ bodyBytes }) => bodyBytes > 0).length).toBeGreaterThan(25));
      for (const stream of streams) stream.leave();
    }
    market.move('A');
    await eventually(() => expect(reader.messages.at(-1)?.sequence).toBe(market.sequenceOf('A')));
    await eventually(() => expect(market.open.get('streamQuotes')).toBeLessThanOrEqual(2));
  });
});

function messagesOf(body: Buffer): StreamQuotesResponse[] {
  const messages: StreamQuotesResponse[] = [];
  for (let start = 0; start + 5 <= body.length; ) {
    const end = start + 5 + body.readUInt32BE(start + 1);
    if (end > body.length) break;
    messages.push(fromBinary(StreamQuotesResponseSchema, body.subarray(start + 5, end)));
    start = end;
  }
  return messages;
}
