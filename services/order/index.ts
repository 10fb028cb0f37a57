/** What benches use of the order service: its only entrance from outside, beside its needs. */
export { auditedTables } from './store/audited-tables.ts';
