import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { type FakeExchange, startFakeExchange } from '../testing/fake-exchange.ts';
import { startTestMarket, type TestMarket } from '../testing/start-market.ts';

const dayMs = 86_400_000;
const todayMs = Math.floor(Date.now() / dayMs) * dayMs;
let database: TestDatabase;
let exchange: FakeExchange;
let replica: TestMarket;

const startReplica = () => startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port });
beforeAll(async () => {
  database = await createTestDatabase();
  exchange = await startFakeExchange();
  replica = await startReplica();
  await eventually(() => expect(exchange.listed()).toHaveLength(16));
});
afterAll(async () => {
  await replica?.[Symbol.asyncDispose]();
  await exchange?.[Symbol.asyncDispose]();
  await database?.drop();
});

describe('listSnapshots', () => {
  it('has the last trade, the quote, and the candles of now and of the last day with a trade before', async () => {
    exchange.level('EVER', 'bid', 1_500, 10_000);
    exchange.trade('EVER', 1_480, 10_000, todayMs - 3 * dayMs);
    exchange.trade('EVER', 1_490, 10_000, todayMs - 2 * dayMs);
    exchange.trade('EVER', 1_500, 10_000, todayMs);
    exchange.trade('EVER', 1_510, 30_000, todayMs + 1);
    const expectSnapshots = async ({ market }: TestMarket) => {
      const { snapshots } = await market.listSnapshots({ symbols: ['EVER', 'CIRR'] });
      expect(snapshots).toMatchObject([
        {
          symbol: 'EVER',
          quote: { lastPrice: '15.10', bidPrice: '15.00' },
          lastTrade: { symbol: 'EVER', price: '15.10', quantity: '3', time: timestampFromMs(todayMs + 1) },
          minuteCandle: { open: '15.00', close: '15.10', vwap: '15.075', interval: CandleInterval.CANDLE_INTERVAL_1M },
          dayCandle: { volume: '4', tradeCount: 2n, interval: CandleInterval.CANDLE_INTERVAL_1D },
          previousDayCandle: { close: '14.90', startTime: timestampFromMs(todayMs - 2 * dayMs) },
        },
        { symbol: 'CIRR', quote: { symbol: 'CIRR' } },
      ]);
      const { lastTrade, minuteCandle, dayCandle, previousDayCandle } = snapshots[1] ?? {};
      expect([lastTrade, minuteCandle, dayCandle, previousDayCandle]).toEqual(Array(4).fill(undefined));
      expect(snapshots[0]?.lastTrade?.tradeId).toMatch(/./);
    };
    await eventually(() => expectSnapshots(replica));
    // One that starts later has them from the record, as of a snapshot of the books.
    await eventually(async () => {
      const { trades } = await replica.market.listTrades({ symbol: 'EVER' });
      expect(trades).toHaveLength(4);
    });
    await using successor = await startReplica();
    await eventually(() => expectSnapshots(successor));
  });

  it('refuses unknown symbols, and more than 100', async () => {
    const refused = async (symbols: string[]) => replica.market.listSnapshots({ symbols });
    await expect(refused(['NOPE'])).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    await expect(refused(Array(101).fill('ACME'))).rejects.toMatchObject({ violations: [{ field: 'symbols' }] });
  });

  it('is of the first 100 instruments when none is named', async () => {
    const { snapshots } = await replica.market.listSnapshots({});
    expect(snapshots.map(({ symbol }) => symbol)).toEqual(exchange.listed());
  });
});
