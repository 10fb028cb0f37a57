/** Requests to domain. */
import {
  type GetIndicatorRequest,
  type GetIndicatorsRequest,
  type Indicator,
  IndicatorKind,
  MoverRanking,
} from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { readCount, readSymbol } from '#platform/validation/request-fields.ts';
import {
  type IndicatorName,
  type IndicatorTerms,
  indicators,
  indicatorsMax,
  rowCountMax,
  signalLengthMax,
  widthTenthsMax,
} from '../../domain/indicators.ts';
import type { Ranking } from '../../domain/movers.ts';
import type { Span } from '../../domain/span.ts';

/** A requested length of candles. */
export type CandleLength = Span & { interval: CandleInterval };

/** A requested indicator of one symbol. */
export type IndicatorQuery = {
  symbol: string;
  kind: IndicatorKind;
  terms: IndicatorTerms;
  span: CandleLength;
};

/** Requested indicators of one symbol. */
export type IndicatorsQuery = {
  symbol: string;
  indicators: readonly { kind: IndicatorKind; terms: IndicatorTerms }[];
  span: CandleLength;
  rowCount: number;
};

/** Length of each interval in ms, and the most of them that one candle may cover: as many as the market combines. */
const intervals: ReadonlyMap<CandleInterval, { lengthMs: number; multipleMax: number }> = new Map([
  [CandleInterval.CANDLE_INTERVAL_1S, { lengthMs: 1_000, multipleMax: 59 }],
  [CandleInterval.CANDLE_INTERVAL_1M, { lengthMs: 60_000, multipleMax: 59 }],
  [CandleInterval.CANDLE_INTERVAL_5M, { lengthMs: 300_000, multipleMax: 11 }],
  [CandleInterval.CANDLE_INTERVAL_1H, { lengthMs: 3_600_000, multipleMax: 23 }],
  [CandleInterval.CANDLE_INTERVAL_1D, { lengthMs: 86_400_000, multipleMax: 31 }],
]);

const names = new Map<IndicatorKind, IndicatorName>([
  [IndicatorKind.SMA, 'sma'],
  [IndicatorKind.EMA, 'ema'],
  [IndicatorKind.RSI, 'rsi'],
  [IndicatorKind.MACD, 'macd'],
  [IndicatorKind.BOLLINGER, 'bollinger'],
  [IndicatorKind.VWAP, 'vwap'],
  [IndicatorKind.ATR, 'atr'],
]);

const rankings = new Map<MoverRanking, Ranking>([
  [MoverRanking.GAINERS, 'gainers'],
  [MoverRanking.LOSERS, 'losers'],
  [MoverRanking.MOST_ACTIVE, 'most_active'],
]);

/** Reads the fields that two requests share. Throws INVALID_FIELD. */
export function parseIndicator(
  request: Pick<GetIndicatorRequest, 'symbol' | 'kind' | 'interval' | 'length'>,
): IndicatorQuery {
  const symbol = readSymbol('symbol', request.symbol);
  const { kind, terms } = parseTerms('', { ...request, fastLength: 0, signalLength: 0, widthTenths: 0 });
  return { symbol, kind, terms, span: parseSpan({ ...request, multiple: 0 }) };
}

/** Reads the fields that two requests share. Throws INVALID_FIELD. */
export function parseIndicators(
  request: Pick<GetIndicatorsRequest, 'symbol' | 'indicators' | 'interval' | 'multiple' | 'rowCount'>,
): IndicatorsQuery {
  const symbol = readSymbol('symbol', request.symbol);
  const asked = request.indicators;
  if (asked.length === 0 || asked.length > indicatorsMax)
    throw invalidArgument('indicators', `must be 1 to ${indicatorsMax}`);
  const indicators = asked.map((one, index) => parseTerms(`indicators[${index}].`, one));
  const rowCount = readCount('row_count', request.rowCount, { fallback: 100, max: rowCountMax });
  return { symbol, indicators, span: parseSpan(request), rowCount };
}

function parseSpan(request: { interval: CandleInterval; multiple: number }): CandleLength {
  const isUnset = request.interval === CandleInterval.CANDLE_INTERVAL_UNSPECIFIED;
  const interval = isUnset ? CandleInterval.CANDLE_INTERVAL_1M : request.interval;
  const found = intervals.get(interval);
  if (found === undefined) throw invalidArgument('interval', 'is not a known length');
  const multiple = readCount('multiple', request.multiple, { fallback: 1, max: found.multipleMax });
  return { interval, intervalMs: found.lengthMs, multiple };
}

function parseTerms(path: string, asked: Omit<Indicator, '$typeName' | '$unknown'>) {
  const kind = asked.kind === IndicatorKind.UNSPECIFIED ? IndicatorKind.SMA : asked.kind;
  const name = names.get(kind);
  if (name === undefined) throw invalidArgument(`${path}kind`, 'is not a known indicator');
  const { range } = indicators[name];
  const read = (field: string, count: number, fallback: number, max: number) =>
    readCount(`${path}${field}`, count, { fallback, max: fallback === 0 ? 0 : max });
  const terms: IndicatorTerms = {
    name,
    length: read('length', asked.length, range.length, range.lengthMax),
    fastLength: read('fast_length', asked.fastLength, range.fastLength, range.lengthMax - 1),
    signalLength: read('signal_length', asked.signalLength, range.signalLength, signalLengthMax),
    widthTenths: read('width_tenths', asked.widthTenths, range.widthTenths, widthTenthsMax),
  };
  if (terms.fastLength >= terms.length) throw invalidArgument(`${path}length`, 'must be more than the fast length');
  return { kind, terms };
}

/** The ranking; unspecified is the gainers. Throws INVALID_FIELD for a number that is none. */
export function parseRanking(requested: MoverRanking): { ranking: Ranking; message: MoverRanking } {
  const message = requested === MoverRanking.UNSPECIFIED ? MoverRanking.GAINERS : requested;
  const ranking = rankings.get(message);
  if (ranking === undefined) throw invalidArgument('ranking', 'is not a known ranking');
  return { ranking, message };
}
