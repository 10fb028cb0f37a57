/** The gateway as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readGatewayConfig } from './config.ts';
import { createGateway } from './server.ts';

await runService({
  needs: { name: 'gateway', calls: [] },
  readConfig: readGatewayConfig,
  start: (app, config) => createGateway(app, config),
});
