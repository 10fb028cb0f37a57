import { readPosition } from '#platform/feed/position.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** The name of the ledger's feed, under which the position in it is stored. */
export const ledgerFeed = 'ledger';

/** The last entry of the ledger's feed that is applied here. */
export function readLedgerPosition(sql: Sql): Promise<bigint> {
  return readPosition(sql, ledgerFeed);
}
