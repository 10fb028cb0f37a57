/** Sends the same requests for streams to a gateway with the fan-out and to one without it: the answers are the same to the byte. */

import { gzipSync } from 'node:zlib';
import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StreamQuotesRequestSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { pause } from '#platform/time/pause.ts';
import { pathTo } from '../testing/call-by-hand.ts';
import { createFakeMarket } from '../testing/fake-market.ts';
import { type HandAnswer, type HandRequest, openStream } from '../testing/open-stream.ts';
import { type OpenGateway, openTestGateway } from '../testing/start-test-gateway.ts';
import { startTestUpstream, type TestUpstream } from '../testing/start-test-upstream.ts';
import { streamKinds } from './kinds.ts';

const types = [
  'application/connect+proto',
  'application/connect+json',
  'application/grpc',
  'application/grpc-web+proto',
  'application/grpc-web-text',
];
const ways = types.flatMap((contentType) => ([1, 2] as const).map((httpVersion) => ({ contentType, httpVersion })));
type Way = (typeof ways)[number];
const [quotes, depth, trades, candles] = streamKinds.map(({ method }) => method);
const market = createFakeMarket({ padding: '0'.repeat(900) });

let upstream: TestUpstream;
let shared: OpenGateway;
let plain: OpenGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(market.fakes);
  const config = { callsPerSecondMax: 0.001, callsBurstMax: 100_000 };
  shared = await openTestGateway(upstream.address, config);
  plain = await openTestGateway(upstream.address, { ...config, sharesStreams: false }, { isLean: false });
});
afterAll(async () => {
  for (const part of [shared, plain, upstream]) await part?.[Symbol.asyncDispose]();
});

type Ask = {
  method?: typeof quotes;
  message?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: Buffer;
  path?: string;
};

function requestOf({ contentType, httpVersion }: Way, ask: Ask): HandRequest {
  const { method = quotes, message = { symbols: ['A', 'B'] }, headers = {} } = ask;
  const schema = method?.input ?? StreamQuotesRequestSchema;
  const content = create(schema, message);
  const bytes = contentType.endsWith('json') ? Buffer.from(toJsonString(schema, content)) : toBinary(schema, content);
  const frame = ask.body ?? grpcFrame(Buffer.from(bytes));
  const body = contentType.includes('text') ? Buffer.from(frame.toString('base64')) : frame;
  const path = ask.path ?? pathTo(method as NonNullable<typeof quotes>);
  const all = { 'content-type': contentType, 'x-request-id': 'r-1', ...headers };
  return {
    httpVersion,
    path,
    body,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
  };
}

/** Opens the streams at both gateways, lets the market move, refuses what has not ended by itself, and compares all that came. */
async function expectSame(requests: HandRequest[], move: () => void = () => {}): Promise<void> {
  const pairs = requests.map((request) => [shared, plain].map(({ port }) => openStream(port, request)));
  await eventually(() =>
    expect(pairs.flat().filter((answer) => !answer.isEnded && answer.bodyBytes === 0)).toEqual([]),
  );
  const before = pairs.flat().map(({ bodyBytes }) => bodyBytes);
  move();
  await eventually(() => {
    const unequal = pairs.filter(([one, other]) => one?.bodyBytes !== other?.bodyBytes);
    expect(unequal.map((pair) => pair.map(({ bodyBytes, isEnded }) => `${bodyBytes} ${isEnded}`))).toEqual([]);
    if (requests.length === movedCount)
      expect(pairs.flat().every((answer, at) => answer.bodyBytes > (before[at] ?? 0))).toBe(true);
  });
  await eventually(async () => {
    market.fail('refused');
    await pause(20);
    expect(pairs.flat().filter(({ isEnded }) => !isEnded)).toEqual([]);
  });
  for (const pair of pairs) {
    const [one, other] = await Promise.all(pair.map(({ whole }) => whole));
    expect(legible(one)).toEqual(legible(other));
  }
}

const movedCount = 12;

/** The answer with its body as text, so that a failure shows what differs. */
function legible(answer: HandAnswer | undefined) {
  return answer && { ...answer, body: answer.body.toString('latin1').replace(/0{20,}/g, '0..') };
}

/** Text of base64 pieces, each of which may be padded. */
function decodePieces(body: string): string {
  return (body.match(/[A-Za-z0-9+/]+={0,2}/g) ?? [])
    .map((piece) => Buffer.from(piece, 'base64').toString('latin1'))
    .join('');
}

describe.each(ways)('the fan-out over $contentType and HTTP/$httpVersion', (way) => {
  it('begins, goes on and ends with a refusal as Connect does, compressed and not', async () => {
    const zipped = { 'connect-accept-encoding': 'gzip', 'grpc-accept-encoding': 'identity,gzip' };
    const at = (epoch: string) => ({ symbols: ['A'], positions: [{ symbol: 'A', epoch, sequence: 1n }] });
    const asks: Ask[] = [
      { method: quotes, message: { symbols: ['B', 'A', 'B'] } },
      { method: quotes, message: {} },
      { method: depth, message: { symbol: 'A', levels: 3 } },
      { method: candles, message: { symbol: 'A' } },
      { method: trades, message: at('epoch-0') },
      { method: trades, message: at('epoch-1') },
    ];
    const origin = { origin: 'https://example.com' };
    const both = asks.flatMap((ask) => [{}, zipped].map((accept) => ({ ...ask, headers: { ...accept, ...origin } })));
    expect(both).toHaveLength(movedCount);
    const requests = both.map((ask) => requestOf(way, ask));
    await expectSame(requests, () => market.move('A'));
  });

  it('answers what the market refuses, and requests that are not plain or none at all, as Connect does', async () => {
    const frame = grpcFrame(Buffer.alloc(0));
    const refused: Ask[] = [
      { message: { symbols: ['A', 'XX'] } },
      { message: { symbols: Array.from({ length: 101 }, (_, index) => `S${index}`) } },
      { message: { streamId: 'short' } },
      { message: { resumeToken: 'x' } },
      { method: depth, message: { symbol: 'A', levels: 101 } },
      { method: candles, message: { symbol: 'XX' } },
      { path: '/outcry.market.v1.MarketService/StreamNothing' },
    ];
    const bodies = [
      Buffer.alloc(0),
      frame.subarray(0, 3),
      Buffer.concat([frame, frame]),
      grpcFrame(Buffer.from('{"unknown":1}')),
      grpcFrame(Buffer.from([0x0a])),
      grpcFrame(Buffer.alloc(0), 2),
      grpcFrame(gzipSync(Buffer.alloc(0)), 1),
    ];
    const headers: Record<string, string>[] = [
      { 'connect-content-encoding': 'gzip', 'grpc-encoding': 'gzip' },
      { 'connect-content-encoding': 'zstd', 'grpc-encoding': 'zstd' },
      { 'connect-accept-encoding': 'br', 'grpc-accept-encoding': 'br' },
      { 'connect-timeout-ms': 'x', 'grpc-timeout': 'x' },
      { authorization: 'Bearer x' },
      { 'content-type': '' },
      { 'content-type': 'application/connect+xml' },
    ];
    const asks: Ask[] = [
      ...refused,
      ...bodies.map((body) => ({ body })),
      ...headers.map((each) => ({ headers: each })),
    ];
    await expectSame(asks.map((ask) => requestOf(way, ask)));
    market.isAway = true;
    await expectSame([requestOf(way, { message: { symbols: ['C'] } })]);
    market.isAway = false;
  });
});

describe('the fan-out', () => {
  it('ends at the deadline as Connect does', { timeout: 60_000 }, async () => {
    const pairs = ways.map((way) => {
      const isGrpc = way.contentType.includes('grpc');
      const headers: Record<string, string> = isGrpc ? { 'grpc-timeout': '3S' } : { 'connect-timeout-ms': '3000' };
      const request = requestOf(way, { headers });
      return { way, answers: [shared, plain].map(({ port }) => openStream(port, request)) };
    });
    for (const { way, answers } of pairs) {
      const [one, other] = await Promise.all(answers.map(({ whole }) => whole));
      expect(legible(one)).toEqual(legible(other));
      const body = one?.body.toString('latin1') ?? '';
      const text = way.contentType.includes('text') ? decodePieces(body) : body;
      expect(`${text} ${one?.trailers.join()}`).toMatch(/"deadline_exceeded"|grpc-status: 4/);
    }
  });

  it('serves every protocol itself, and leaves the market when the clients cancel, as Connect does', async () => {
    const openedBefore = market.open.get('streamDepth') ?? 0;
    // gRPC over HTTP/1.1, whose trailers few clients read, is left to Connect.
    const served = ways.filter(
      ({ contentType, httpVersion }) => contentType !== 'application/grpc' || httpVersion === 2,
    );
    const openAt = async ({ port }: OpenGateway) => {
      const before = market.open.get('streamDepth') ?? 0;
      const requests = served.map((way) => requestOf(way, { method: depth, message: { symbol: `P${port}` } }));
      const answers = requests.map((request) => openStream(port, request));
      await eventually(() => expect(answers.filter(({ bodyBytes }) => bodyBytes === 0)).toEqual([]));
      return { answers, atMarket: () => (market.open.get('streamDepth') ?? 0) - before };
    };
    const atShared = await openAt(shared);
    // The market counts a stream when it is asked for what follows the first state.
    await eventually(() => expect(atShared.atMarket()).toBe(1));
    const atPlain = await openAt(plain);
    await eventually(() => expect(atPlain.atMarket()).toBe(served.length));
    for (const answer of [...atShared.answers, ...atPlain.answers]) answer.leave();
    await eventually(() => expect(market.open.get('streamDepth') ?? 0).toBeLessThanOrEqual(openedBefore), {
      timeoutMs: 15_000,
    });
  });
});

describe('a stream of the fan-out', () => {
  it('ends at the market with its last reader, and is opened there once for all readers', async () => {
    const request = requestOf(
      { contentType: 'application/connect+proto', httpVersion: 1 },
      { message: { symbols: ['E'] } },
    );
    const before = market.open.get('streamQuotes') ?? 0;
    const answers = Array.from({ length: 20 }, () => openStream(shared.port, request));
    await eventually(() => expect(answers.filter(({ bodyBytes }) => bodyBytes === 0)).toEqual([]));
    await eventually(() => expect(market.open.get('streamQuotes')).toBe(before + 1));
    for (const answer of answers) answer.leave();
    await eventually(() => expect(market.open.get('streamQuotes')).toBeLessThanOrEqual(before));
  });
});
