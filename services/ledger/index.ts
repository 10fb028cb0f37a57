/** What benches use of the ledger: its only entrance from outside, beside its needs. */

export type { HoldRequest } from './domain/admit-hold.ts';
export { createFeedWriter } from './events/feed-writer.ts';
export { settlementOf } from './feed/consume-exchange.ts';
export { placeHolds } from './holds/place-holds.ts';
export { needs } from './needs.ts';
export { auditedTables } from './store/audited-tables.ts';
export { saveAccounts } from './store/save-accounts.ts';
export { checkBooks, proveAssets } from './testing/check-books.ts';
export { checkHolds } from './testing/check-holds.ts';
export { Findings } from './testing/findings.ts';
export { grantAssets } from './transfers/grant-assets.ts';
