/** The simulator as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readSimulatorConfig } from './config.ts';
import { createSimulator } from './server.ts';

await runService({
  needs: { name: 'simulator', calls: [] },
  requires: ['database'],
  readConfig: readSimulatorConfig,
  start: (app, config) => createSimulator(app, config),
});
