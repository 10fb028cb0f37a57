/** The simulator as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readSimulatorConfig } from './config.ts';
import { needs } from './needs.ts';
import { createSimulator } from './server.ts';

await runService({ needs, readConfig: readSimulatorConfig, start: createSimulator });
