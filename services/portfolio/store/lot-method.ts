import type { Sql } from '#platform/postgres/sql.ts';
import type { LotMethod } from '../domain/lot.ts';
import { type CurrentMethod, defaultMethod } from '../domain/lot-book.ts';
import { ledgerFeed, lotsFeed } from './ledger-position.ts';

/** The method of an account; first in, first out when it has chosen none. */
export async function readLotMethod(sql: Sql, accountId: string): Promise<CurrentMethod> {
  const { rows } = await sql.query<{ method: LotMethod; since_sequence: bigint }>(
    'SELECT method, since_sequence FROM lot_method WHERE account_id = $1',
    [accountId],
  );
  const [row] = rows;
  return { method: row?.method ?? defaultMethod, sinceSequence: row?.since_sequence ?? 0n };
}

/**
 * Sets the method for the sales that are applied nowhere yet; the same method again changes nothing. The row of the lots' position is
 * locked, so no transaction is between its reading of the methods and its commit.
 */
export async function saveLotMethod(sql: Sql, accountId: string, method: LotMethod): Promise<void> {
  await sql.query(
    `WITH applied AS MATERIALIZED (SELECT sequence FROM platform.feed_position WHERE name = $3 FOR UPDATE),
     lots AS (SELECT coalesce((SELECT sequence FROM applied), 0) AS sequence),
     since AS (
       SELECT greatest(lots.sequence, coalesce((SELECT sequence FROM platform.feed_position WHERE name = $4), 0)) AS sequence FROM lots
     )
     INSERT INTO lot_method AS own (account_id, method, previous_method, since_sequence)
     SELECT $1, $2, $5, since.sequence FROM since
     ON CONFLICT (account_id) DO UPDATE SET
       method = excluded.method,
       -- A change that no sale has met yet gives way to this one.
       previous_method = CASE WHEN own.since_sequence <= (SELECT sequence FROM lots) THEN own.method ELSE own.previous_method END,
       since_sequence = excluded.since_sequence
     WHERE own.method <> excluded.method`,
    [accountId, method, lotsFeed, ledgerFeed, defaultMethod],
  );
}
