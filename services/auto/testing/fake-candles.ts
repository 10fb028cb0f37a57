/** The market's candles in tests: only their volumes. */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { CandleInterval, type ListCandlesRequest } from '#gen/outcry/market/v1/market_pb.ts';

/** Shares of ACME, a whole number, that were traded at a time. */
export type TradedShares = { timeMs: number; shares: number };

/** Quantity step of every book, decimal. */
export const lotSize = '1';

/** The candles that a request asks for. */
export function candlesOf(traded: readonly TradedShares[], request: ListCandlesRequest) {
  const { symbol, interval, multiple, startTime, endTime } = request;
  const lengthMs = (interval === CandleInterval.CANDLE_INTERVAL_1S ? 1_000 : 60_000) * Math.max(1, multiple);
  const fromMs = startTime === undefined ? 0 : timestampMs(startTime);
  const untilMs = endTime === undefined ? Number.POSITIVE_INFINITY : timestampMs(endTime);
  const volumes = new Map<number, number>();
  for (const { timeMs, shares } of traded) {
    const startMs = Math.floor(timeMs / lengthMs) * lengthMs;
    if (startMs >= fromMs && startMs < untilMs) volumes.set(startMs, (volumes.get(startMs) ?? 0) + shares);
  }
  return [...volumes].map(([startMs, shares]) => {
    return { symbol, startTime: timestampFromMs(startMs), volume: String(shares) };
  });
}
