import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/server.ts';
import type { AnalyticsDeps } from '../deps.ts';
import { getIndicator } from './get-indicator.ts';
import { listMovers } from './list-movers.ts';
import { streamIndicator } from './stream-indicator.ts';
import { streamMovers } from './stream-movers.ts';

/** The contract of analytics. */
export function analyticsBindings(deps: AnalyticsDeps): ServiceBinding[] {
  return [
    implement(AnalyticsService, {
      getIndicator: getIndicator(deps),
      streamIndicator: streamIndicator(deps),
      listMovers: listMovers(deps),
      streamMovers: streamMovers(deps),
    }),
  ];
}
