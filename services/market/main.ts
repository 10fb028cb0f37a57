/** The market as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readMarketConfig } from './config.ts';
import { needs } from './needs.ts';
import { createMarketService } from './server.ts';

await runService({ needs, readConfig: readMarketConfig, start: createMarketService });
