import { readPosition } from '#platform/feed/position.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** The name of the ledger's feed, under which the position in it is stored. */
export const ledgerFeed = 'ledger';

/** The name under which the position of the lots in the ledger's feed is stored. */
export const lotsFeed = 'ledger.lots';

/** The last entry of the ledger's feed that is applied here. */
export function readLedgerPosition(sql: Sql): Promise<bigint> {
  return readPosition(sql, ledgerFeed);
}
