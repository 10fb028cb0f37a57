/** The user service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readUserConfig } from './config.ts';
import { createUserService } from './server.ts';

await runService({
  needs: { name: 'user', calls: [] },
  requires: ['database', 'bus'],
  readConfig: readUserConfig,
  start: (app, config) => createUserService(app, config),
});
