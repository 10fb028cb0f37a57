/** Values of indicators to the messages of the contract. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type {
  IndicatorPointSchema,
  IndicatorRowSchema,
  IndicatorSchema,
} from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { formatDecimal, PRICE_SCALE } from '#platform/money/decimal.ts';
import type { Bar } from '../../domain/bar-series.ts';
import { newestLines } from '../../domain/indicators.ts';
import { spanMs } from '../../domain/span.ts';
import type { IndicatorQuery, IndicatorsQuery } from './request-fields.ts';

type PointInit = MessageInitShape<typeof IndicatorPointSchema>;
type RowInit = MessageInitShape<typeof IndicatorRowSchema>;

/** The newest values of the indicator, newest first; fewer where there are too few candles. */
export function pointsOf(
  bars: readonly Bar[],
  { terms, span }: IndicatorQuery,
  options: { count: number; nowMs: number },
): PointInit[] {
  const [first = [], ...others] = newestLines(bars, terms, options.count);
  const shown = bars.slice(bars.length - first.length);
  return shown
    .flatMap(({ startMs, close }, index): PointInit[] => {
      const value = first[index];
      if (value === undefined) return [];
      return [
        {
          startTime: timestampFromMs(startMs),
          close: textOf(close),
          value: textOf(value),
          otherValues: others.map((line) => textOf(line[index])),
          running: startMs + spanMs(span) > options.nowMs,
        },
      ];
    })
    .reverse();
}

/** The newest rows of the indicators, newest first; fewer where there are fewer candles. */
export function rowsOf(
  bars: readonly Bar[],
  { indicators, span }: IndicatorsQuery,
  options: { count: number; nowMs: number },
): RowInit[] {
  const lines = indicators.flatMap(({ terms }) => newestLines(bars, terms, options.count));
  return bars
    .slice(-options.count)
    .map(({ startMs }, index) => ({
      startTime: timestampFromMs(startMs),
      values: lines.map((line) => textOf(line[index])),
      running: startMs + spanMs(span) > options.nowMs,
    }))
    .reverse();
}

/** The indicators with the lengths that they have. */
export function indicatorsOf({ indicators }: IndicatorsQuery): MessageInitShape<typeof IndicatorSchema>[] {
  return indicators.map(({ kind, terms: { name: _, ...lengths } }) => ({ kind, ...lengths }));
}

function textOf(value: bigint | undefined): string {
  return value === undefined ? '' : formatDecimal(value, PRICE_SCALE, 2);
}
