/** The auto service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readAutoConfig } from './config.ts';
import { needs } from './needs.ts';
import { createAutoService } from './server.ts';

await runService({ needs, readConfig: readAutoConfig, start: createAutoService });
