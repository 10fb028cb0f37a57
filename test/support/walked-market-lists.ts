/** The cases of the market's lists. */
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { openBook } from './market.ts';
import { auction, listOf, quoted, times, trade, type WalkedList } from './walk-scene.ts';

/** The owner's trades. */
export const trades: Pick<WalkedList, 'make' | 'change'> = {
  make: (scene) => times(6, (index) => trade(scene, index % 2 === 0 ? 'BUY' : 'SELL')),
  change: (scene, step) => trade(scene, step % 2 === 0 ? 'BUY' : 'SELL'),
};

/** The cases, by the names of their RPCs. */
export const walkedMarketLists: Record<string, WalkedList> = {
  'market.v1.MarketService/ListInstruments': {
    rows: 'instruments',
    id: 'symbol',
    promise: 'once',
    make: async () => {},
    change: ({ admin }) => openBook(admin),
  },
  'market.v1.MarketService/ListSessions': {
    rows: 'sessions',
    id: 'date',
    promise: 'once',
    // A calendar does not change.
    request: () => ({ calendar: 'XNYS', startDate: '2026-01-01', endDate: '2026-01-20' }),
    make: async () => {},
    change: async () => {},
  },
  'market.v1.MarketService/ListTrades': {
    rows: 'trades',
    id: 'tradeId',
    promise: 'once',
    request: ({ symbol }) => ({ symbol }),
    ...trades,
  },
  'market.v1.MarketService/ListAuctions': {
    rows: 'auctions',
    id: 'time price',
    promise: 'once',
    request: ({ symbol }) => ({ symbol }),
    make: (scene) => times(5, () => auction(scene)),
    change: (scene) => auction(scene),
  },
  'market.v1.MarketService/ListPastQuotes': {
    rows: 'quotes',
    id: 'time',
    promise: 'once',
    request: ({ symbol }) => ({ symbol }),
    make: (scene) => times(5, () => quoted(scene)),
    change: (scene) => quoted(scene),
  },
  'market.v1.MarketService/ListCandles': {
    rows: 'candles',
    id: 'startTime',
    promise: 'once',
    request: ({ symbol }) => ({ symbol, interval: 'CANDLE_INTERVAL_1S' }),
    async make(scene) {
      await eventually(
        async () => {
          await trade(scene, 'BUY');
          const request = { symbol: scene.symbol, interval: 'CANDLE_INTERVAL_1S' };
          expect((await listOf(scene, 'MarketService/ListCandles', 'candles', request)).length).toBeGreaterThan(4);
        },
        { timeoutMs: 40_000 },
      );
    },
    change: (scene) => trade(scene, 'SELL'),
  },
};
