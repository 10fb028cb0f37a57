/** Requests to domain. */
import { IndicatorKind, MoverRanking } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { readCount, readSymbol } from '#platform/validation/request-fields.ts';
import { type IndicatorName, lengthMax } from '../../domain/indicators.ts';
import type { Ranking } from '../../domain/movers.ts';

/** A requested indicator of one symbol. */
export type IndicatorQuery = {
  symbol: string;
  name: IndicatorName;
  kind: IndicatorKind;
  interval: CandleInterval;
  /** Length of the candles in ms. */
  intervalMs: number;
  length: number;
};

const intervalsMs = new Map<CandleInterval, number>([
  [CandleInterval.CANDLE_INTERVAL_1S, 1_000],
  [CandleInterval.CANDLE_INTERVAL_1M, 60_000],
  [CandleInterval.CANDLE_INTERVAL_5M, 300_000],
  [CandleInterval.CANDLE_INTERVAL_1H, 3_600_000],
  [CandleInterval.CANDLE_INTERVAL_1D, 86_400_000],
]);

const names = new Map<IndicatorKind, IndicatorName>([
  [IndicatorKind.SMA, 'sma'],
  [IndicatorKind.EMA, 'ema'],
]);

const rankings = new Map<MoverRanking, Ranking>([
  [MoverRanking.GAINERS, 'gainers'],
  [MoverRanking.LOSERS, 'losers'],
  [MoverRanking.MOST_ACTIVE, 'most_active'],
]);

/** Reads the fields that two requests share. Throws INVALID_FIELD. */
export function parseIndicator(request: {
  symbol: string;
  kind: IndicatorKind;
  interval: CandleInterval;
  length: number;
}): IndicatorQuery {
  const symbol = readSymbol('symbol', request.symbol);
  const kind = request.kind === IndicatorKind.UNSPECIFIED ? IndicatorKind.SMA : request.kind;
  const name = names.get(kind);
  if (name === undefined) throw invalidArgument('kind', 'is not a known indicator');
  const isUnset = request.interval === CandleInterval.CANDLE_INTERVAL_UNSPECIFIED;
  const interval = isUnset ? CandleInterval.CANDLE_INTERVAL_1M : request.interval;
  const intervalMs = intervalsMs.get(interval);
  if (intervalMs === undefined) throw invalidArgument('interval', 'is not a known length');
  const length = readCount('length', request.length, { fallback: 20, max: lengthMax });
  return { symbol, name, kind, interval, intervalMs, length };
}

/** The ranking; unspecified is the gainers. Throws INVALID_FIELD for a number that is none. */
export function parseRanking(requested: MoverRanking): { ranking: Ranking; message: MoverRanking } {
  const message = requested === MoverRanking.UNSPECIFIED ? MoverRanking.GAINERS : requested;
  const ranking = rankings.get(message);
  if (ranking === undefined) throw invalidArgument('ranking', 'is not a known ranking');
  return { ranking, message };
}
