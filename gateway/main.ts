/** The gateway as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readGatewayConfig } from './config.ts';
import { createGateway } from './server.ts';

await runService({
  name: 'gateway',
  readConfig: readGatewayConfig,
  start: (app, config) => createGateway(app, config),
});
