/** The order service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readOrderConfig } from './config.ts';
import { needs } from './needs.ts';
import { createOrderService } from './server.ts';

await runService({ needs, readConfig: readOrderConfig, start: createOrderService });
