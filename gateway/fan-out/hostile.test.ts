/** Clients that open streams to be a burden: others are served, and nothing of them stays. HOSTILE_STREAMS sets how many are opened and dropped. */
import net from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MarketService, StreamTradesRequestSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { writeResumeToken } from '#platform/stream/resume-token.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { pathTo } from '../testing/call-by-hand.ts';
import { createFakeMarket } from '../testing/fake-market.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const droppedCount = Number(process.env.HOSTILE_STREAMS ?? 2_000);
const atOnce = 1_000;
const patience = { timeoutMs: 60_000 };
const market = createFakeMarket();
let gateway: TestGateway;
const received: bigint[] = [];
const leave = new AbortController();

beforeAll(async () => {
  gateway = await startTestGateway(market.fakes, { callsPerSecondMax: 1_000_000, callsBurstMax: 1_000_000 });
  const transport = createConnectTransport({ baseUrl: gateway.url, httpVersion: '1.1' });
  const position = { symbol: 'A', epoch: 'epoch-1', sequence: 1n };
  const request = { symbols: ['A'], positions: [position] };
  const trades = createClient(MarketService, transport).streamTrades(request, { signal: leave.signal });
  void (async () => {
    for await (const { message, sequence } of trades) if (message.case === 'trade') received.push(sequence);
  })().catch(() => {});
});
afterAll(async () => {
  leave.abort();
  await gateway?.[Symbol.asyncDispose]();
});

/** A stream of trades on a connection of its own; resolves at its first bytes or its end. */
function open(fields: { symbols: string[]; resumeToken?: string }): { socket: net.Socket; answered: Promise<string> } {
  const body = grpcFrame(Buffer.from(toBinary(StreamTradesRequestSchema, create(StreamTradesRequestSchema, fields))));
  const head = [
    `POST ${pathTo(MarketService.method.streamTrades)} HTTP/1.1`,
    'host: localhost',
    'content-type: application/connect+proto',
    `content-length: ${body.length}`,
  ];
  const socket = net.connect(gateway.port, '127.0.0.1');
  const { promise: answered, resolve } = Promise.withResolvers<string>();
  socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
  socket.once('close', () => resolve('')).on('error', () => {});
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  return { socket, answered };
}

/** Moves the market, and waits until the steady reader has every trade, each once. */
async function expectServed(): Promise<void> {
  market.move('A');
  const last = Number(market.sequenceOf('A'));
  const all = Array.from({ length: last - 1 }, (_, index) => BigInt(index + 2));
  await eventually(() => expect(received).toEqual(all), patience);
}

const resumeToken = writeResumeToken([{ symbol: 'A', epoch: 'epoch-1', sequence: 1n }]);

describe('a client that is a burden', { timeout: 180_000 }, () => {
  it('opens and drops streams at every moment', async () => {
    await expectServed();
    const before = process.memoryUsage().rss;
    for (let dropped = 0; dropped < droppedCount; dropped += 100) {
      const opened = Array.from({ length: 100 }, (_, index) => open({ symbols: [`B${index % 7}`], resumeToken }));
      if (dropped % 200 === 0) await Promise.all(opened.slice(0, 50).map(({ answered }) => answered));
      else await opened[0]?.answered;
      for (const { socket } of opened) socket.destroy();
    }
    await expectServed();
    // The symbols of those that were dropped are left a moment later; one stream of the steady reader stays.
    await eventually(() => expect(market.open.get('streamTrades')).toBe(1), patience);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('opens a thousand streams at once', async () => {
    const opened = Array.from({ length: atOnce }, () => open({ symbols: ['A', 'B'], resumeToken }));
    const answers = await Promise.all(opened.map(({ answered }) => answered));
    expect(answers.filter((answer) => !/^HTTP\/1.1 (200|503) /.test(answer))).toEqual([]);
    expect(market.open.get('streamTrades')).toBeLessThanOrEqual(2);
    await expectServed();
    for (const { socket } of opened) socket.destroy();
    await eventually(() => expect(market.open.get('streamTrades')).toBe(1), patience);
  });

  it('resumes with tokens that are not its own, or none at all', async () => {
    const at = (symbol: string, epoch: string, sequence: bigint) => writeResumeToken([{ symbol, epoch, sequence }]);
    const tokens = [
      'x',
      Buffer.from('{"a":[["A",-1]]}').toString('base64url'),
      Buffer.from('{"__proto__":[["A","1"]]}').toString('base64url'),
      at('A', 'epoch-1', 10n ** 17n),
      at('A', 'another', 1n),
      at('OTHER', 'epoch-1', 5n),
      resumeToken.repeat(1_000),
    ];
    for (const token of tokens) {
      const { socket, answered } = open({ symbols: ['A', 'Z'], resumeToken: token });
      market.move('Z');
      expect(await answered).toMatch(/^HTTP\/1.1 200 /);
      socket.destroy();
      await expectServed();
    }
  });
});
