/** The notification service as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readNotificationConfig } from './config.ts';
import { needs } from './needs.ts';
import { createNotificationService } from './server.ts';

await runService({ needs, readConfig: readNotificationConfig, start: createNotificationService });
