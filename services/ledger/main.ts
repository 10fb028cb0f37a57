/** The ledger as a process. */
import { runService } from '#platform/lifecycle/run-service.ts';
import { readLedgerConfig } from './config.ts';
import { needs } from './needs.ts';
import { createLedgerService } from './server.ts';

await runService({ needs, readConfig: readLedgerConfig, start: createLedgerService });
