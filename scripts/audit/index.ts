/** What benches use of the audit; nothing else of it is imported from outside. */
export { describeAudit, isClean } from './report.ts';
export { runAudit } from './run-audit.ts';
