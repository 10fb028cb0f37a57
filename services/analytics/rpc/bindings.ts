import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { getIndicator } from './get-indicator.ts';
import { getIndicators } from './get-indicators.ts';
import { listMovers } from './list-movers.ts';
import { streamIndicator } from './stream-indicator.ts';
import { streamIndicators } from './stream-indicators.ts';
import { streamMovers } from './stream-movers.ts';

/** The contract of analytics. */
export function analyticsBindings(deps: AnalyticsDeps): ServiceBinding[] {
  const indicators = { getIndicator, streamIndicator, getIndicators, streamIndicators };
  return [bindHandlers(AnalyticsService, deps, { ...indicators, listMovers, streamMovers })];
}
