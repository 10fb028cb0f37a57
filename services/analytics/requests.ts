/** What the requests say, in the words of the domain. */
import { IndicatorKind, MoverRanking } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { type IndicatorName, lengthMax } from './domain/indicators.ts';
import type { Ranking } from './domain/movers.ts';

/** An indicator of one symbol as asked for. */
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

/** Reads what two requests have in common. Throws INVALID_FIELD. */
export function parseIndicator(request: {
  symbol: string;
  kind: IndicatorKind;
  interval: CandleInterval;
  length: number;
}): IndicatorQuery {
  const { symbol } = request;
  if (!/^[A-Z0-9.]{1,12}$/.test(symbol)) throw invalidArgument('symbol', 'must be 1 to 12 characters of [A-Z0-9.]');
  const kind = request.kind === IndicatorKind.UNSPECIFIED ? IndicatorKind.SMA : request.kind;
  const name = names.get(kind);
  if (name === undefined) throw invalidArgument('kind', 'is not a known indicator');
  const isUnset = request.interval === CandleInterval.CANDLE_INTERVAL_UNSPECIFIED;
  const interval = isUnset ? CandleInterval.CANDLE_INTERVAL_1M : request.interval;
  const intervalMs = intervalsMs.get(interval);
  if (intervalMs === undefined) throw invalidArgument('interval', 'is not a known length');
  const length = requireCount('length', request.length, { fallback: 20, max: lengthMax });
  return { symbol, name, kind, interval, intervalMs, length };
}

/** The ranking; unspecified is the gainers. Throws INVALID_FIELD for a number that is none. */
export function parseRanking(requested: MoverRanking): { ranking: Ranking; message: MoverRanking } {
  const message = requested === MoverRanking.UNSPECIFIED ? MoverRanking.GAINERS : requested;
  const ranking = rankings.get(message);
  if (ranking === undefined) throw invalidArgument('ranking', 'is not a known ranking');
  return { ranking, message };
}

/** A count from 1 to `max`; 0 means `fallback`. Throws INVALID_FIELD. */
export function requireCount(
  field: string,
  count: number,
  { fallback, max }: { fallback: number; max: number },
): number {
  if (count < 0 || count > max) throw invalidArgument(field, `must be 0 to ${max}`);
  return count === 0 ? fallback : count;
}

/** Most places before the page that a token can name. */
const offsetMax = 5_000;

/** A token that says how many places of the ranking come before the page. */
export function encodeOffset(ranking: Ranking, offset: number): string {
  return Buffer.from(`${ranking} ${offset}`).toString('base64url');
}

/** The places before the page; 0 for the empty token. Throws PAGE_TOKEN_INVALID for one that another ranking made. */
export function decodeOffset(ranking: Ranking, token: string): number {
  if (token === '') return 0;
  const [made, offset = ''] = Buffer.from(token.slice(0, 64), 'base64url').toString().split(' ');
  if (made === ranking && /^\d{1,4}$/.test(offset) && Number(offset) <= offsetMax) return Number(offset);
  throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}
