/** The candles of one symbol and length, updated from the market. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Candle, CandleInterval, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { type Bar, putBar } from '../domain/bar-series.ts';
import { barsMax } from '../domain/indicators.ts';
import type { Span } from '../domain/span.ts';
import { createBarCombiner } from './combined-bars.ts';

/** The calls that a series needs. */
export type CandleClient = Pick<RpcClient<typeof MarketService>, 'listCandles' | 'streamCandles'>;

/** A length of candles, as the market is asked for it. */
export type CandleLength = Span & { interval: CandleInterval };

/** A series that follows until it is closed. */
export type CandleSeries = {
  /** Oldest first; at most `barsMax`. */
  readonly bars: readonly Bar[];
  /** Epoch and feed sequence of the newest change that came by stream. */
  readonly position: { epoch: string; sequence: bigint };
  /** Messages made from the current candles, for all readers. */
  readonly messages: Map<string, EncodedMessage>;
  /** Resolves when the history is there; rejects with the market's error when it cannot be had. */
  readonly loaded: Promise<void>;
  /** Run at each change with the start of the oldest candle that changed, in Unix ms. */
  readonly listeners: Set<(oldestMs: number) => void>;
  close(): void;
};

const pageSizeMax = 500;
/** Intervals that the market combines to one page. */
const combinedMax = 10_000;
/** Silence, heartbeats included, after which a stream is taken for dead. */
const stallTimeoutMs = 25_000;
const restartMaxMs = 2_000;
/** The market writes its history a moment after its streams: what had just ended is read again. */
const settleMs = 1_500;

/** Begins to follow. */
export function openCandleSeries(options: {
  market: CandleClient;
  symbol: string;
  length: CandleLength;
  logger: Logger;
}): CandleSeries {
  const { market, symbol, length, logger } = options;
  const { interval, multiple } = length;
  const pageSize = Math.min(pageSizeMax, Math.floor(combinedMax / multiple));
  const pagesMax = Math.ceil(barsMax / pageSize);
  const stop = new AbortController();
  const bars: Bar[] = [];
  const combine = createBarCombiner(length);
  const position = { epoch: '', sequence: 0n };
  const messages = new Map<string, EncodedMessage>();
  const listeners = new Set<(oldestMs: number) => void>();

  const put = (added: readonly Bar[]) => {
    const changed = added.filter((bar) => putBar(bars, bar, barsMax));
    if (changed.length === 0) return;
    messages.clear();
    const oldestMs = Math.min(...changed.map(({ startMs }) => startMs));
    for (const listener of listeners) listener(oldestMs);
  };
  const load = async (limit: number, signal: AbortSignal) => {
    let pageToken = '';
    for (let page = 0; page < limit; page += 1) {
      const answer = await market.listCandles({ symbol, interval, multiple, pageSize, pageToken }, { signal });
      put(answer.candles.map(barOf));
      pageToken = answer.nextPageToken;
      if (pageToken === '') return;
    }
  };
  // Of a candle that covers several intervals the stream has these, and those of the running one that came before are read.
  const loadParts = async (signal: AbortSignal) => {
    if (multiple === 1) return;
    const { candles } = await market.listCandles({ symbol, interval, pageSize: multiple }, { signal });
    put(candles.map(barOf).map(combine));
  };
  const loadAll = async (pages: number, signal: AbortSignal) => {
    await load(pages, signal);
    await loadParts(signal);
  };
  const followOnce = async (loading: Promise<void>, signal: AbortSignal, onMessage: () => void) => {
    for await (const { message, epoch, sequence } of market.streamCandles({ symbol, interval }, { signal })) {
      await loading;
      onMessage();
      if (message.case === 'end') return;
      if (message.case !== 'candle') continue;
      Object.assign(position, { epoch, sequence });
      put([combine(barOf(message.value))]);
    }
  };
  const follow = async (firstLoad: Promise<void>) => {
    let loading: Promise<void> | undefined = firstLoad;
    for (let failures = 0; !stop.signal.aborted; ) {
      const attempt = new AbortController();
      const signal = AbortSignal.any([stop.signal, attempt.signal]);
      const timer = startTimer(stallTimeoutMs, () => attempt.abort());
      failures += 1;
      try {
        loading ??= loadAll(pagesMax, signal);
        const settling = settleLater(loading, () => loadAll(1, signal), signal);
        await Promise.all([
          settling,
          followOnce(loading, signal, () => {
            failures = 0;
            timer.restart();
          }),
        ]);
      } catch (error) {
        if (stop.signal.aborted) return;
        failures = Math.max(failures, 1);
        logger.warn({ symbol, error, failures }, 'following the candles failed; beginning again');
      } finally {
        timer[Symbol.dispose]();
        attempt.abort();
        loading = undefined;
      }
      if (failures > 0) await pause(backoffMs(failures - 1, 100, restartMaxMs), stop.signal);
    }
  };

  const loaded = loadAll(pagesMax, stop.signal);
  loaded.catch(() => stop.abort());
  void follow(loaded);
  return { bars, position, messages, loaded, listeners, close: () => stop.abort() };
}

async function settleLater(loading: Promise<void>, again: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await loading;
  await pause(settleMs, signal);
  if (!signal.aborted) await again();
}

function barOf({ startTime, high, low, close, volume, vwap, tradeCount }: Candle): Bar {
  const price = (text: string) => parseDecimal(text, PRICE_SCALE);
  return {
    startMs: startTime === undefined ? 0 : timestampMs(startTime),
    high: price(high),
    low: price(low),
    close: price(close),
    volume: parseDecimal(volume, QUANTITY_SCALE),
    averagePrice: vwap === '' ? undefined : price(vwap),
    tradeCount,
  };
}
