import { create } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  CandleInterval,
  ListCandlesResponseSchema,
  StreamCandlesResponseSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { CandleClient } from './candle-series.ts';
import { createSeriesStore, type SeriesStore } from './series-store.ts';

const minute = { interval: CandleInterval.CANDLE_INTERVAL_1M, intervalMs: 60_000, multiple: 1 };
let store: SeriesStore | undefined;
afterEach(() => store?.[Symbol.asyncDispose]());

/** A market without candles whose streams last until they are given up. */
function createQuietMarket() {
  const open = new Set<string>();
  const client: CandleClient = {
    listCandles: async () => create(ListCandlesResponseSchema),
    async *streamCandles({ symbol = '' }, { signal } = {}) {
      open.add(symbol);
      yield create(StreamCandlesResponseSchema, { message: { case: 'heartbeat', value: {} } });
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      open.delete(symbol);
    },
  };
  return { client, open };
}

describe('createSeriesStore', () => {
  it('follows a series once for any number of readers', async () => {
    const { client } = createQuietMarket();
    store = createSeriesStore({ market: client, logger: silentLogger });
    const [first, second] = await Promise.all([store.get('A', minute), store.get('A', minute)]);
    expect(first).toBe(second);
    expect(store.size()).toBe(1);
  });

  it('drops a series that is not in use, and follows one that has a listener', async () => {
    const { client, open } = createQuietMarket();
    store = createSeriesStore({ market: client, logger: silentLogger, idleMs: 50 });
    await store.get('IDLE', minute);
    (await store.get('USED', minute)).listeners.add(() => {});
    await eventually(() => expect([...open]).toEqual(['USED']));
    expect(store.size()).toBe(1);
  });

  it('never follows more than its bound: it drops the one unused longest, and refuses while all are in use', async () => {
    const { client, open } = createQuietMarket();
    store = createSeriesStore({ market: client, logger: silentLogger, seriesMax: 2 });
    for (const symbol of ['A', 'B', 'A', 'C']) await store.get(symbol, minute);
    await eventually(() => expect([...open].sort()).toEqual(['A', 'C']));
    for (const symbol of ['A', 'C']) (await store.get(symbol, minute)).listeners.add(() => {});
    await expect(store.get('D', minute)).rejects.toMatchObject({ reason: ErrorReason.OVERLOADED });
  });
});
