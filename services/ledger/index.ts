/** What benches use of the ledger: its only entrance from outside, beside its needs. */
export { checkBooks, proveAssets } from './audit/check-books.ts';
export { checkHolds } from './audit/check-holds.ts';
export { Findings } from './audit/findings.ts';
export type { HoldRequest } from './domain/admit-hold.ts';
export { createFeedWriter } from './events/feed-writer.ts';
export { settlementOf } from './feed/consume-exchange.ts';
export { placeHolds } from './holds/place-holds.ts';
export { needs } from './needs.ts';
export { saveAccounts } from './store/save-accounts.ts';
export { grantAssets } from './transfers/grant-assets.ts';
