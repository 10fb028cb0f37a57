import type { Sql } from '#platform/postgres/sql.ts';
import type { OwnLot } from '../domain/lot.ts';
import type { LotTotal } from '../domain/lot-book.ts';
import { lotsFeed } from './ledger-position.ts';
import { type LotRow, lotColumns, toLot } from './load-lots.ts';

/** Some lots, their total when one symbol was asked for, and the position in the ledger's feed for which both hold. */
export type LotPage = { sequence: bigint; lots: OwnLot[]; total: ShownTotal | undefined };

type ShownTotal = Omit<LotTotal, 'takenMicros'>;

/** Which lots: of one symbol or, when it is empty, of all; after another lot in their order. */
export type LotQuery = { accountId: string; symbol: string; after: Pick<OwnLot, 'symbol' | 'lotId'>; limit: number };

/** At most `limit` open lots of an account by symbol, oldest first; one statement, so lots, total and position fit each other. */
export async function listLots(sql: Sql, { accountId, symbol, after, limit }: LotQuery): Promise<LotPage> {
  const { rows } = await sql.query<PageRow & { symbol: string | null } & LotRow>(
    `SELECT coalesce((SELECT sequence FROM platform.feed_position WHERE name = $6), 0) AS sequence,
       total.quantity_micros AS total_quantity, total.cost_micros AS total_cost, total.realized_micros AS total_realized,
       lot.symbol, ${lotColumns}
     FROM (VALUES (1)) AS one
     LEFT JOIN lot_total AS total ON total.account_id = $1 AND total.symbol = $2
     LEFT JOIN LATERAL (
       SELECT * FROM lot WHERE account_id = $1 AND ($2 = '' OR symbol = $2) AND (symbol COLLATE "C", lot_id) > ($3, $4)
       ORDER BY symbol COLLATE "C", lot_id LIMIT $5
     ) AS lot ON true
     ORDER BY lot.symbol COLLATE "C", lot.lot_id`,
    [accountId, symbol, after.symbol, after.lotId, limit, lotsFeed],
  );
  const lots = rows.flatMap((row) => (row.symbol === null ? [] : { ...toLot(row), symbol: row.symbol }));
  return { sequence: rows[0]?.sequence ?? 0n, lots, total: rows[0] && toTotal(rows[0]) };
}

type PageRow = {
  sequence: bigint;
  total_quantity: bigint | null;
  total_cost: bigint | null;
  total_realized: bigint | null;
};

function toTotal({ total_quantity, total_cost, total_realized }: PageRow): ShownTotal | undefined {
  if (total_quantity === null || total_cost === null || total_realized === null) return undefined;
  return { quantityMicros: total_quantity, costMicros: total_cost, realizedMicros: total_realized };
}

/** The place before all lots of an account. */
export const firstLot = { symbol: '', lotId: 0n } satisfies LotQuery['after'];
