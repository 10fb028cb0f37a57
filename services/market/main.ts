/** The market as a process. */
import { createUserAuthenticator } from '#platform/lifecycle/open-clients.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { readMarketConfig } from './config.ts';
import { createMarketService } from './server.ts';

await runService({
  needs: { name: 'market', calls: [] },
  requires: ['database'],
  readConfig: readMarketConfig,
  start: (app, config) => {
    const authenticator = createUserAuthenticator(app, config.userAddress);
    return createMarketService(app, { ...config, authenticator });
  },
});
