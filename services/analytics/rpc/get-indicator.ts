import type { GetIndicatorRequest } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { readCount } from '#platform/validation/request-fields.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { pointCountMax } from '../domain/indicators.ts';
import { pointsOf } from './messages/indicator-messages.ts';
import { parseIndicator } from './messages/request-fields.ts';

/** The newest values of one indicator. */
export async function getIndicator({ series, nowMs }: AnalyticsDeps, request: GetIndicatorRequest) {
  const query = parseIndicator(request);
  const count = readCount('point_count', request.pointCount, { fallback: 1, max: pointCountMax });
  const { symbol, kind, span, terms } = query;
  const { bars } = await series.get(symbol, span);
  const points = pointsOf(bars, query, { count, nowMs: nowMs() });
  return { symbol, kind, interval: span.interval, length: terms.length, points };
}
