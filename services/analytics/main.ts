/** The analytics service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { needs } from './needs.ts';
import { createAnalyticsService } from './server.ts';

await runService({ needs, start: (app) => createAnalyticsService(app) });
