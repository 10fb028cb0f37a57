/** The audit as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readAuditConfig } from './config.ts';
import { needs } from './needs.ts';
import { createAuditService } from './server.ts';

await runService({ needs, readConfig: readAuditConfig, start: createAuditService });
