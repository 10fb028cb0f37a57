import { runService } from '#platform/lifecycle/run-service.ts';
import { readSimulatorConfig } from './config.ts';
import { startSimulator } from './server.ts';

await runService({
  name: 'simulator',
  start: (app) => startSimulator(app, readSimulatorConfig(process.env)),
});
