/** The auto service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { needs } from './needs.ts';
import { createAutoService } from './server.ts';

await runService({ needs, start: (app) => createAutoService(app) });
