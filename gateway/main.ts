import { runService } from '#platform/lifecycle/run-service.ts';
import { readGatewayConfig } from './config.ts';
import { startGateway } from './server.ts';

await runService({
  name: 'gateway',
  start: async (app) => {
    await startGateway(app, readGatewayConfig(process.env));
  },
});
