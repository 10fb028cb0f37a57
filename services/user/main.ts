/** The user service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readUserConfig } from './config.ts';
import { needs } from './needs.ts';
import { createUserService } from './server.ts';

await runService({ needs, readConfig: readUserConfig, start: createUserService });
