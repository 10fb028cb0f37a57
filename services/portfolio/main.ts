/** The portfolio service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readPortfolioConfig } from './config.ts';
import { needs } from './needs.ts';
import { createPortfolioService } from './server.ts';

await runService({ needs, readConfig: readPortfolioConfig, start: createPortfolioService });
