/** What benches use of the audit: its only entrance from outside, beside its needs. */
export { createStores, type RowReaders } from './clients/stores.ts';
export { needs } from './needs.ts';
export { type Auditor, createAuditor } from './passes/auditor.ts';
export { addSeals, type BlockSeal } from './store/seals.ts';
