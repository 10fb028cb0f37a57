/** The mailbox as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readMailboxConfig } from './config.ts';
import { needs } from './needs.ts';
import { createMailboxService } from './server.ts';

await runService({ needs, readConfig: readMailboxConfig, start: createMailboxService });
