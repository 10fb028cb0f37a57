/** What benches and the tests of the whole system use of the ledger: its only entrance from outside, beside its needs. */

export { admitHold, type HoldRequest } from './domain/admit-hold.ts';
export { admitList, newListHolds } from './domain/admit-list.ts';
export { type AmendRequest, amendHold } from './domain/amend-hold.ts';
export { BalanceSheet } from './domain/balance-sheet.ts';
export type { ExchangeEvent } from './domain/exchange-event.ts';
export { type Hold, type HoldTerms, type ListRole, unfilled } from './domain/hold.ts';
export { settle } from './domain/settle.ts';
export { isLeg, type LegHold, type ListHolds } from './domain/settle-list.ts';
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
