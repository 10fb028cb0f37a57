/** What benches, loads and tests use of the audit; nothing else of it is imported from outside. */
export { describeAudit } from './report.ts';
export { runAudit } from './run-audit.ts';
