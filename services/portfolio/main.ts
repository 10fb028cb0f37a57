/** The portfolio service as a process. */
import { createUserAuthenticator } from '#platform/lifecycle/open-clients.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { readPortfolioConfig } from './config.ts';
import { createPortfolioService } from './server.ts';

await runService({
  needs: { name: 'portfolio', calls: [] },
  requires: ['database'],
  readConfig: readPortfolioConfig,
  start: (app, { userAddress, ...config }) => {
    const authenticator = createUserAuthenticator(app, userAddress);
    return createPortfolioService(app, { ...config, authenticator });
  },
});
