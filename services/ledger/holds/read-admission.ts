import type { Sql } from '#platform/postgres/sql.ts';
import { type AdmissionState, type HoldRequest, hasPositionLimit } from '../domain/admit-hold.ts';
import { cashAsset } from '../domain/asset.ts';
import type { BalanceKey, BalanceSheet } from '../domain/balance-sheet.ts';
import { heldAsset, type ListLeg } from '../domain/hold.ts';
import { readAccounts } from '../store/read-accounts.ts';
import { readIncomingShares } from '../store/read-incoming-shares.ts';

/** What is to be held, or to be held for more. */
type Wanted = Pick<HoldRequest, 'terms' | 'positionMaxMicros'> & { leg?: ListLeg | undefined };

/**
 * What the admission of these holds depends on. `readSheet` is run first: where it locks the balances, no other transaction can spend from them
 * until this one has ended, and nothing that is read after it can change the decision.
 */
export async function readAdmission(
  sql: Sql,
  requests: readonly Wanted[],
  readSheet: (sql: Sql, keys: BalanceKey[]) => Promise<BalanceSheet>,
): Promise<AdmissionState> {
  const sheet = await readSheet(sql, requests.flatMap(keysOf));
  const accounts = await readAccounts(sql, [...new Set(requests.map(({ terms }) => terms.accountId))]);
  return {
    sheet,
    accounts: new Map([...accounts].map(([id, account]) => [id, account.state])),
    incomingMicros: await readIncomingShares(sql, requests.filter(hasPositionLimit).map(positionKeyOf)),
  };
}

function keysOf(request: Wanted): BalanceKey[] {
  const { terms, leg } = request;
  // The other legs of its list hold the other asset.
  if (leg) return [cashAsset, terms.symbol].map((asset) => ({ accountId: terms.accountId, asset }));
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  // A position limit depends on the shares too, and they must not change meanwhile.
  return hasPositionLimit(request) ? [key, positionKeyOf(request)] : [key];
}

function positionKeyOf({ terms }: Wanted): BalanceKey {
  return { accountId: terms.accountId, asset: terms.symbol };
}
