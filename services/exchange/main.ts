/** The exchange as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readExchangeConfig } from './config.ts';
import { needs } from './needs.ts';
import { createExchangeService } from './server.ts';

await runService({
  needs,
  readConfig: readExchangeConfig,
  start: async (app, config) => {
    const exchange = await createExchangeService(app, config);
    await exchange.built;
    // A journal that turns out to be damaged later ends the process as well.
    void exchange.ended;
  },
});
