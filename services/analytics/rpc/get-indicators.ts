import type { GetIndicatorsRequest } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { indicatorsOf, rowsOf } from './messages/indicator-messages.ts';
import { parseIndicators } from './messages/request-fields.ts';

/** The newest values of up to three indicators, a row for each candle. */
export async function getIndicators({ series, nowMs }: AnalyticsDeps, request: GetIndicatorsRequest) {
  const query = parseIndicators(request);
  const { bars } = await series.get(query.symbol, query.span);
  return {
    symbol: query.symbol,
    indicators: indicatorsOf(query),
    interval: query.span.interval,
    multiple: query.span.multiple,
    rows: rowsOf(bars, query, { count: query.rowCount, nowMs: nowMs() }),
  };
}
