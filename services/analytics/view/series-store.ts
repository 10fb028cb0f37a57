/** The candle series that are in use, each followed once for any number of readers. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { runWithTrace, startTrace } from '#platform/telemetry/trace-context.ts';
import { startInterval } from '#platform/time/timer.ts';
import { type CandleClient, type CandleLength, type CandleSeries, openCandleSeries } from './candle-series.ts';

/** Series by symbol and length of the candles. */
export type SeriesStore = AsyncDisposable & {
  /** The series with its history. Rejects with the market's error, or with OVERLOADED when `seriesMax` are in use. */
  get(symbol: string, length: CandleLength): Promise<CandleSeries>;
  /** The number of followed series. */
  size(): number;
};

/** Bounds of a store. */
export type SeriesStoreOptions = {
  market: CandleClient;
  logger: Logger;
  /** The most series at once; default 256. */
  seriesMax?: number;
  /** How long a series without listeners and calls is followed, in ms; default 2 min. */
  idleMs?: number;
};

const sweepEveryMs = 10_000;

/** An empty store. */
export function createSeriesStore(options: SeriesStoreOptions): SeriesStore {
  const { market, logger, seriesMax = 256, idleMs = 120_000 } = options;
  // In the order of their last use: the first is dropped first.
  const places = new Map<string, { series: CandleSeries; usedTimeMs: number }>();

  const drop = (key: string) => {
    places.get(key)?.series.close();
    places.delete(key);
  };
  const sweep = (olderThanMs: number) => {
    const before = performance.now() - olderThanMs;
    for (const [key, { series, usedTimeMs }] of places) {
      if (series.listeners.size === 0 && usedTimeMs <= before) drop(key);
    }
  };
  const makeRoom = () => {
    if (places.size < seriesMax) return;
    for (const [key, { series }] of places) {
      if (series.listeners.size > 0) continue;
      drop(key);
      return;
    }
    const message = 'too many different series are in use';
    throw resourceExhausted(ErrorReason.OVERLOADED, message, { retryDelayMs: 5_000 });
  };
  const timer = startInterval(Math.min(sweepEveryMs, idleMs), () => sweep(idleMs)).unref();

  return {
    async get(symbol, length) {
      const key = `${symbol} ${length.multiple} x ${length.interval}`;
      let place = places.get(key);
      if (place === undefined) {
        makeRoom();
        // It outlives the call that asked first, so it does not belong to that call's trace.
        const series = runWithTrace(startTrace(), () => openCandleSeries({ market, symbol, length, logger }));
        place = { series, usedTimeMs: 0 };
      }
      place.usedTimeMs = performance.now();
      places.delete(key);
      places.set(key, place);
      try {
        await place.series.loaded;
      } catch (error) {
        if (places.get(key) === place) drop(key);
        throw error;
      }
      return place.series;
    },
    size: () => places.size,
    async [Symbol.asyncDispose]() {
      timer[Symbol.dispose]();
      for (const key of [...places.keys()]) drop(key);
    },
  };
}
