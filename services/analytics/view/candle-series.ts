/** The closes of one symbol and interval, updated from the market. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Candle, CandleInterval, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { type Close, putClose } from '../domain/close-series.ts';
import { closesMax } from '../domain/indicators.ts';

/** The calls that a series needs. */
export type CandleClient = Pick<RpcClient<typeof MarketService>, 'listCandles' | 'streamCandles'>;

/** A series that follows until it is closed. */
export type CandleSeries = {
  /** Oldest first; at most `closesMax`. */
  readonly closes: readonly Close[];
  /** Epoch and feed sequence of the newest change that came by stream. */
  readonly position: { epoch: string; sequence: bigint };
  /** Messages made from the current closes, for all readers. */
  readonly messages: Map<string, EncodedMessage>;
  /** Resolves when the history is there; rejects with the market's error when it cannot be had. */
  readonly loaded: Promise<void>;
  readonly listeners: Set<() => void>;
  close(): void;
};

const pageSize = 500;
const pagesMax = Math.ceil(closesMax / pageSize);
/** Silence, heartbeats included, after which a stream is taken for dead. */
const stallTimeoutMs = 25_000;
const restartMaxMs = 2_000;
/** The market writes its history a moment after its streams: what had just ended is read again. */
const settleMs = 1_500;

/** Begins to follow. */
export function openCandleSeries(options: {
  market: CandleClient;
  symbol: string;
  interval: CandleInterval;
  logger: Logger;
}): CandleSeries {
  const { market, symbol, interval, logger } = options;
  const stop = new AbortController();
  const closes: Close[] = [];
  const position = { epoch: '', sequence: 0n };
  const messages = new Map<string, EncodedMessage>();
  const listeners = new Set<() => void>();

  const put = (candles: readonly Candle[]) => {
    // All of them: `some` would stop at the first change.
    const changes = candles.filter((candle) => putClose(closes, closeOf(candle), closesMax));
    if (changes.length === 0) return;
    messages.clear();
    for (const listener of listeners) listener();
  };
  const load = async (limit: number, signal: AbortSignal) => {
    let pageToken = '';
    for (let page = 0; page < limit; page += 1) {
      const answer = await market.listCandles({ symbol, interval, pageSize, pageToken }, { signal });
      put(answer.candles);
      pageToken = answer.nextPageToken;
      if (pageToken === '') return;
    }
  };
  const followOnce = async (loading: Promise<void>, signal: AbortSignal, onMessage: () => void) => {
    for await (const { message, epoch, sequence } of market.streamCandles({ symbol, interval }, { signal })) {
      await loading;
      onMessage();
      if (message.case === 'end') return;
      if (message.case !== 'candle') continue;
      Object.assign(position, { epoch, sequence });
      put([message.value]);
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
        loading ??= load(pagesMax, signal);
        const settling = settleLater(loading, () => load(1, signal), signal);
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

  const loaded = load(pagesMax, stop.signal);
  loaded.catch(() => stop.abort());
  void follow(loaded);
  return { closes, position, messages, loaded, listeners, close: () => stop.abort() };
}

async function settleLater(loading: Promise<void>, again: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await loading;
  await pause(settleMs, signal);
  if (!signal.aborted) await again();
}

function closeOf({ startTime, close, tradeCount }: Candle): Close {
  const startMs = startTime === undefined ? 0 : timestampMs(startTime);
  return { startMs, close: parseDecimal(close, PRICE_SCALE), tradeCount };
}
