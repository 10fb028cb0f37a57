import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { StreamQuotesResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { readPosition } from '#platform/feed/position.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { recordedFeed } from './store/read-history.ts';
import { type FakeExchange, startFakeExchange } from './testing/fake-exchange.ts';
import { startTestMarket, type TestMarket } from './testing/start-market.ts';

/** The last quote of a stream; heartbeats follow it soon. */
const lastQuote = (received: StreamQuotesResponse[]) => received.findLast(({ message }) => message.case === 'quote');
let database: TestDatabase;
let exchange: FakeExchange;
let replica: TestMarket;
let other: TestMarket;
let operator: { userToken: string };

beforeAll(async () => {
  database = await createTestDatabase();
  exchange = await startFakeExchange();
  const options = { databaseUrl: database.url, exchangePort: exchange.port, streamTimes: { heartbeatMs: 300 } };
  [replica, other] = await Promise.all([startTestMarket(options), startTestMarket(options)]);
  operator = { userToken: await replica.identity.userToken({ roles: ['operator'] }) };
  await eventually(() => expect(exchange.listed()).toHaveLength(16));
  await eventually(async () => {
    const { quotes } = await replica.market.listQuotes({ symbols: ['ACME'] });
    expect(quotes[0]?.state).toBe(TradingState.CONTINUOUS);
  });
});
afterAll(async () => {
  await Promise.all([replica?.[Symbol.asyncDispose](), other?.[Symbol.asyncDispose]()]);
  await exchange?.[Symbol.asyncDispose]();
  await database?.drop();
});

describe('createMarketService', () => {
  it('lists its instruments on the exchange, and lists them to callers by page and by search', async () => {
    const first = await replica.market.listInstruments({ pageSize: 10 });
    const second = await replica.market.listInstruments({ pageSize: 10, pageToken: first.nextPageToken });
    expect([...first.instruments, ...second.instruments].map(({ symbol }) => symbol)).toEqual(exchange.listed());
    expect(second.nextPageToken).toBe('');
    const found = await replica.market.listInstruments({ search: 'semi' });
    expect(found.instruments).toMatchObject([{ symbol: 'NOVA', tickSize: '0.05', state: TradingState.CONTINUOUS }]);
    const token = first.nextPageToken;
    const wrongList = replica.market.listInstruments({ search: 'a', pageToken: token });
    await expect(wrongList).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });

  it('quotes what the books say, in decimals of the instrument, on every replica', async () => {
    exchange.level('HALO', 'bid', 4_819, 15_000);
    exchange.level('HALO', 'bid', 4_818, 10_000);
    exchange.level('HALO', 'ask', 4_821, 7);
    exchange.trade('HALO', 4_820, 5_000);
    // The states of books with sessions may be set meanwhile.
    const sequence = exchange.headSequence();
    for (const { market } of [replica, other]) {
      await eventually(async () => {
        const { quotes } = await market.listQuotes({ symbols: ['HALO'] });
        expect(quotes).toMatchObject([
          { bidPrice: '4819.00', bidQuantity: '1.5', askPrice: '4821.00', lastPrice: '4820.00', lastQuantity: '0.5' },
        ]);
        expect(quotes[0]).toMatchObject({ sequence, volume: '0.5', referencePrice: '4820.00', changePercent: '0.00' });
      });
    }
    const { depth } = await replica.market.getDepth({ symbol: 'HALO' });
    expect(depth?.bids.map(({ price, quantity }) => `${quantity} @ ${price}`)).toEqual([
      '1.5 @ 4819.00',
      '1 @ 4818.00',
    ]);
  });

  it('writes each trade and candle once, however many replicas there are', async () => {
    const minuteMs = Math.floor(Date.now() / 60_000) * 60_000;
    for (let i = 0; i < 30; i += 1) exchange.trade('AURA', 4_260 + (i % 7), 20_000, minuteMs + (i % 2) * 1_000);
    await eventually(async () => {
      const { trades, nextPageToken } = await other.market.listTrades({ symbol: 'AURA', pageSize: 20 });
      expect(trades).toHaveLength(20);
      const rest = await other.market.listTrades({ symbol: 'AURA', pageSize: 20, pageToken: nextPageToken });
      expect(rest.trades).toHaveLength(10);
      const { candles } = await other.market.listCandles({ symbol: 'AURA' });
      expect(candles).toMatchObject([{ open: '42.60', high: '42.66', low: '42.60', volume: '60', tradeCount: 30n }]);
    });
  });

  it('streams a snapshot, then changes, then heartbeats while the exchange is unavailable, and goes on when it is back', async () => {
    const received: StreamQuotesResponse[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      const symbols = ['BOLT'];
      for await (const message of replica.market.streamQuotes({ symbols }, { signal: stop.signal }))
        received.push(message);
    })().catch(() => {});
    await eventually(() => expect(received[0]?.message.case).toBe('snapshot'));
    exchange.trade('BOLT', 23_311, 1);
    await eventually(() => expect(lastQuote(received)?.message).toMatchObject({ value: { lastPrice: '233.11' } }));

    await exchange.stop();
    const countBefore = received.length;
    await eventually(() => expect(received.length).toBeGreaterThan(countBefore + 2));
    const whileAway = received.slice(countBefore).map(({ message }) => message.case);
    expect(new Set(whileAway)).toEqual(new Set(['heartbeat']));
    const { quotes } = await replica.market.listQuotes({ symbols: ['BOLT'] });
    expect(quotes[0]?.lastPrice).toBe('233.11');

    await exchange.start();
    exchange.trade('BOLT', 23_405, 1);
    await eventually(() => expect(lastQuote(received)?.message).toMatchObject({ value: { lastPrice: '234.05' } }));
    expect(received.filter(({ message }) => message.case === 'snapshot')).toHaveLength(1);
    stop.abort();
    await reading;
  });

  it('halts and resumes through the exchange, once for each key', async () => {
    const halt = { idempotencyKey: 'halt-1', symbol: 'FERN' };
    const { instrument } = await replica.admin.haltInstrument(halt, operator);
    expect(instrument?.state).toBe(TradingState.HALTED);
    const there = { userToken: await other.identity.userToken({ roles: ['operator'] }) };
    expect((await other.admin.haltInstrument(halt, there)).instrument).toMatchObject({
      state: TradingState.HALTED,
    });
    const ofFern = exchange.commands.filter(({ symbol }) => symbol === 'FERN');
    expect(ofFern).toEqual([{ commandId: 'halt-1', symbol: 'FERN', state: TradingState.HALTED }]);
    const reused = replica.admin.resumeInstrument(halt, operator);
    await expect(reused).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await eventually(async () => {
      const { instrument: read } = await other.market.getInstrument({ symbol: 'FERN' });
      expect(read?.state).toBe(TradingState.HALTED);
    });
    await replica.admin.resumeInstrument({ idempotencyKey: 'resume-1', symbol: 'FERN' }, operator);
    await eventually(async () => {
      const { quotes } = await replica.market.listQuotes({ symbols: ['FERN'] });
      expect(quotes[0]?.state).toBe(TradingState.CONTINUOUS);
    });
  });

  it('adds an instrument that every replica then has; other terms under its symbol are refused', async () => {
    const instrument = {
      symbol: 'ZEST',
      name: 'Zest Drinks',
      tickSize: '0.01',
      lotSize: '1',
      currency: 'USD',
      bandBps: 2_000,
      referencePrice: '10',
    };
    const created = await replica.admin.createInstrument({ instrument }, operator);
    expect(created.instrument).toMatchObject({
      symbol: 'ZEST',
      referencePrice: '10.00',
      state: TradingState.CONTINUOUS,
    });
    await replica.admin.createInstrument({ instrument: { ...instrument, tickSize: '0.010' } }, operator);
    await eventually(async () => {
      const { quotes } = await other.market.listQuotes({ symbols: ['ZEST'] });
      expect(quotes[0]?.state).toBe(TradingState.CONTINUOUS);
    });
    const changed = replica.admin.createInstrument({ instrument: { ...instrument, lotSize: '2' } }, operator);
    await expect(changed).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_ALREADY_LISTED });
    const odd = replica.admin.createInstrument(
      { instrument: { ...instrument, symbol: 'ODD', lotSize: '0.00005' } },
      operator,
    );
    await expect(odd).rejects.toMatchObject({ violations: [{ field: 'instrument.lot_size' }] });
  });

  it('refuses unknown symbols, counts out of range and callers without the role', async () => {
    const { market, admin } = replica;
    await expect(market.listQuotes({ symbols: ['NOPE'] })).rejects.toMatchObject({
      reason: ErrorReason.SYMBOL_UNKNOWN,
    });
    await expect(market.getDepth({ symbol: 'ACME', levels: 101 })).rejects.toMatchObject({
      reason: ErrorReason.INVALID_FIELD,
    });
    await expect(market.listTrades({ symbol: 'ACME', pageToken: 'x' })).rejects.toMatchObject({
      reason: ErrorReason.PAGE_TOKEN_INVALID,
    });
    const userToken = await replica.identity.userToken();
    await expect(admin.haltInstrument({ idempotencyKey: 'k', symbol: 'ACME' }, { userToken })).rejects.toMatchObject({
      reason: ErrorReason.ROLE_NOT_ALLOWED,
    });
  });

  it('goes on from a snapshot when the exchange does not have the missed events any more', async () => {
    await exchange.stop();
    exchange.trade('LUMA', 2_970, 1);
    exchange.dropRetention();
    exchange.level('LUMA', 'bid', 2_969, 4);
    exchange.dropRetention();
    await exchange.start();
    await eventually(async () => {
      const { quotes } = await replica.market.listQuotes({ symbols: ['LUMA'] });
      expect(quotes[0]).toMatchObject({ lastPrice: '29.70', bidPrice: '29.69' });
    });
    // What is traded before the record has passed the gap may be lost to it.
    const recorded = () => readPosition(replica.app.db, recordedFeed(0));
    await eventually(async () => expect(await recorded()).toBe(exchange.headSequence()));
    exchange.trade('LUMA', 2_971, 1);
    await eventually(async () => {
      const { trades } = await replica.market.listTrades({ symbol: 'LUMA' });
      expect(trades.map(({ price }) => price)).toEqual(['29.71']);
    });
  });

  it('begins anew from a snapshot at a gap of the feed', async () => {
    exchange.makeGap();
    exchange.trade('IRIS', 9_551, 1);
    await eventually(async () => {
      const { quotes } = await replica.market.listQuotes({ symbols: ['IRIS'] });
      expect(quotes[0]?.lastPrice).toBe('95.51');
    });
  });

  it('begins anew when the exchange has lost its history: the books are listed again, and streams show it by epoch', async () => {
    const received: StreamQuotesResponse[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      const symbols = ['KITE'];
      for await (const message of replica.market.streamQuotes({ symbols }, { signal: stop.signal }))
        received.push(message);
    })().catch(() => {});
    await eventually(() => expect(received[0]?.message.case).toBe('snapshot'));
    exchange.loseHistory();
    await eventually(() => expect(exchange.listed()).toContain('KITE'));
    exchange.trade('KITE', 350, 1);
    await eventually(() => expect(lastQuote(received)?.message).toMatchObject({ value: { lastPrice: '3.50' } }));
    expect(lastQuote(received)?.epoch).not.toBe(received[0]?.epoch);
    expect(received.filter(({ message }) => message.case === 'snapshot').length).toBeGreaterThan(1);
    await eventually(async () => {
      const { trades } = await replica.market.listTrades({ symbol: 'KITE' });
      expect(trades).toMatchObject([{ price: '3.50' }]);
    });
    stop.abort();
    await reading;
  });

  it('hands the writing over when the replica that writes goes away', async () => {
    const successor = await startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port });
    // One of the two was writing.
    await Promise.all([replica.app.shutdown(), other.app.shutdown()]);
    exchange.trade('JUNO', 5_121, 30_000);
    await eventually(async () => {
      const { trades } = await successor.market.listTrades({ symbol: 'JUNO' });
      expect(trades).toMatchObject([{ price: '51.21', quantity: '3' }]);
    });
    await successor[Symbol.asyncDispose]();
  });
});
