import { readPosition } from '#platform/feed/position.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** The name under which the position in the ledger's feed is kept. */
export const ledgerFeed = 'ledger';

/** The last entry of the ledger's feed that is applied here. */
export function readLedgerPosition(sql: Sql): Promise<bigint> {
  return readPosition(sql, ledgerFeed);
}
