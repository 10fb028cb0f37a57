import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { StreamEndReason, type StreamTradesResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { type FakeExchange, startFakeExchange } from '../../testing/fake-exchange.ts';
import { startTestMarket, type TestMarket } from '../../testing/start-market.ts';

let database: TestDatabase;
let exchange: FakeExchange;
let replica: TestMarket;
let other: TestMarket;

beforeAll(async () => {
  database = await createTestDatabase();
  exchange = await startFakeExchange();
  const options = { databaseUrl: database.url, exchangePort: exchange.port, streamTimes: { heartbeatMs: 300 } };
  [replica, other] = await Promise.all([startTestMarket(options), startTestMarket(options)]);
  await eventually(() => expect(exchange.listed()).toHaveLength(16));
  for (const { market } of [replica, other]) await eventually(() => market.listQuotes({}));
});
afterAll(async () => {
  await Promise.all([replica?.[Symbol.asyncDispose](), other?.[Symbol.asyncDispose]()]);
  await exchange?.[Symbol.asyncDispose]();
  await database?.drop();
});

describe('streams of the market', () => {
  it('resumes trades on another replica, and on one that has started since, without a gap or a repeat', async () => {
    const prices = (messages: StreamTradesResponse[]) =>
      messages.map(({ message }) => (message.case === 'trade' ? Number(message.value.price) : message.case));
    const symbols = ['CIRR'];
    const streamId = 'stream-of-trades-1';
    // Its silence before the trades may be long enough for a heartbeat as well.
    const reading = readToHeartbeat(replica.market.streamTrades({ symbols, streamId }), 3);
    await eventually(() => replica.market.changeStream({ streamId, symbols }));
    for (let i = 1; i <= 3; i += 1) exchange.trade('CIRR', 31_800 + i, 1);
    const first = await reading;
    const { epoch, sequence } = first.at(-2) as StreamTradesResponse;
    const resumeToken = tokenOf(first.at(-1));
    for (let i = 4; i <= 6; i += 1) exchange.trade('CIRR', 31_800 + i, 1);
    // The one that starts later has them from the record.
    await eventually(async () => expect((await replica.market.listTrades({ symbol: 'CIRR' })).trades).toHaveLength(6));
    const later = await startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port });
    await eventually(() => later.market.listQuotes({ symbols }));
    for (const { market } of [other, later]) {
      const resumed = await readUntil(market.streamTrades({ symbols, resumeToken }), 4);
      expect(prices(resumed)).toEqual([318.04, 318.05, 318.06, 'heartbeat']);
      const positions = [{ symbol: 'CIRR', epoch, sequence: sequence - 1n }];
      expect(prices(await readUntil(market.streamTrades({ symbols, resumeToken, positions }), 5))).toHaveLength(5);
      const lost = [{ symbol: 'CIRR', epoch: 'another', sequence }];
      expect(prices(await readUntil(market.streamTrades({ symbols, positions: lost }), 2))).toEqual([
        'gap',
        'heartbeat',
      ]);
    }
    await later[Symbol.asyncDispose]();
  });

  it('changes the symbols of an open stream, and refuses what names none', async () => {
    const streamId = 'stream-0123456789';
    const stream = replica.market.streamQuotes({ symbols: ['DELV'], streamId })[Symbol.asyncIterator]();
    expect((await stream.next()).value.message.case).toBe('snapshot');
    const change = { streamId, symbols: ['EVER', 'EVER'] };
    expect((await replica.market.changeStream(change)).symbols).toEqual(['EVER']);
    let { message } = (await stream.next()).value;
    while (message.case === 'heartbeat') ({ message } = (await stream.next()).value);
    expect(message).toMatchObject({ case: 'quote', value: { symbol: 'EVER' } });
    const elsewhere = other.market.changeStream(change);
    await expect(elsewhere).rejects.toMatchObject({ reason: ErrorReason.STREAM_NOT_FOUND });
    await stream.return?.(undefined);
    await eventually(async () => {
      await expect(replica.market.changeStream(change)).rejects.toMatchObject({ reason: ErrorReason.STREAM_NOT_FOUND });
    });
    const short = readUntil(replica.market.streamQuotes({ streamId: 'short' }), 1);
    await expect(short).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD });
    const forged = readUntil(replica.market.streamTrades({ resumeToken: 'x' }), 1);
    await expect(forged).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });

  it('ends a stream at its greatest age with a token', async () => {
    const options = { databaseUrl: database.url, exchangePort: exchange.port, streamTimes: { ageMaxMs: 400 } };
    await using short = await startTestMarket(options);
    const call = () => readUntil(short.market.streamTrades({ symbols: ['ACME'] }), 10);
    const messages = await eventually(call);
    expect(messages.at(-1)?.message).toMatchObject({ case: 'end', value: { reason: StreamEndReason.AGE } });
    const resumeToken = tokenOf(messages.at(-1));
    const [heartbeat] = await readUntil(replica.market.streamTrades({ symbols: ['ACME'], resumeToken }), 1);
    expect(heartbeat?.message.case).toBe('heartbeat');
  });
});

/** The first messages of a stream. */
async function readUntil<M>(stream: AsyncIterable<M>, count: number): Promise<M[]> {
  const messages: M[] = [];
  for await (const message of stream) if (messages.push(message) === count) break;
  return messages;
}

/** The messages of a stream up to the first heartbeat after so many trades. */
async function readToHeartbeat(stream: AsyncIterable<StreamTradesResponse>, tradeCount: number) {
  const messages: StreamTradesResponse[] = [];
  const tradesOf = () => messages.filter(({ message }) => message.case === 'trade');
  for await (const one of stream) {
    messages.push(one);
    if (one.message.case === 'heartbeat' && tradesOf().length === tradeCount) break;
  }
  return messages;
}

function tokenOf(message: StreamTradesResponse | undefined): string {
  return (message?.message.value as { resumeToken: string } | undefined)?.resumeToken ?? '';
}
