import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Auction } from '../domain/auction.ts';
import { numberOfKind } from '../rpc/messages/auction-message.ts';

/** Stores auctions in the order given, which is the feed's. */
export async function saveAuctions(sql: Sql, auctions: readonly Auction[]): Promise<void> {
  await sql.query(
    `INSERT INTO auction (symbol, time_ms, kind, price_ticks, quantity_lots)
     SELECT symbol, time_ms, kind, price_ticks, quantity_lots
     FROM unnest($1::text[], $2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[])
       WITH ORDINALITY AS a (symbol, time_ms, kind, price_ticks, quantity_lots, place)
     ORDER BY place`,
    [
      textArray(auctions.map(({ symbol }) => symbol)),
      plainArray(auctions.map(({ timeMs }) => timeMs)),
      plainArray(auctions.map(({ kind }) => numberOfKind(kind))),
      plainArray(auctions.map(({ priceTicks }) => priceTicks)),
      plainArray(auctions.map(({ quantityLots }) => quantityLots)),
    ],
  );
}

/** Adds lots to the newest auction of a symbol, whose trades came in two parts. */
export async function addToAuction(sql: Sql, symbol: string, lots: bigint): Promise<void> {
  await sql.query(
    `UPDATE auction SET quantity_lots = quantity_lots + $2 WHERE symbol = $1 AND (time_ms, id) =
       (SELECT time_ms, id FROM auction WHERE symbol = $1 ORDER BY time_ms DESC, id DESC LIMIT 1)`,
    [symbol, lots],
  );
}
