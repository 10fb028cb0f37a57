/** The ledger as a process. */
import { createUserAuthenticator } from '#platform/lifecycle/open-clients.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { readLedgerConfig } from './config.ts';
import { createLedgerService } from './server.ts';

await runService({
  needs: { name: 'ledger', calls: [] },
  requires: ['database', 'bus'],
  readConfig: readLedgerConfig,
  start: (app, config) => {
    const authenticator = createUserAuthenticator(app, config.userAddress);
    return createLedgerService(app, { ...config, authenticator });
  },
});
