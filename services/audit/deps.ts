import type { Database } from '#platform/postgres/sql.ts';
import type { Auditor } from './passes/auditor.ts';

/** What the audit's handlers work with. */
export type AuditDeps = {
  db: Database;
  auditor: Auditor;
  /** Unix milliseconds. */
  nowMs: () => number;
};
