/** The client of analytics, which `clients.ts` reads at its first call: a chart needs it without the contracts of a person. */
import { createClient } from '@connectrpc/connect';
import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { openTransport } from './transports.ts';

export const analytics = createClient(AnalyticsService, openTransport);
