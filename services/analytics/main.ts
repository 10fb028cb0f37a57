/** The analytics service as a process. */
import { createUserAuthenticator } from '#platform/lifecycle/open-clients.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { readAnalyticsConfig } from './config.ts';
import { createAnalyticsService } from './server.ts';

await runService({
  needs: { name: 'analytics', calls: [] },
  readConfig: readAnalyticsConfig,
  start: (app, { userAddress, marketAddress }) => {
    const authenticator = createUserAuthenticator(app, userAddress);
    return createAnalyticsService(app, { authenticator, marketAddress });
  },
});
