import type { AuctionKind } from '#gen/outcry/market/v1/market_pb.ts';
import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Auction } from '../domain/auction.ts';
import { kindOfNumber } from '../rpc/messages/auction-message.ts';
import type { TradeQuery } from './read-trades.ts';

/** An auction and its place in the list of its symbol. */
export type ListedAuction = Auction & { id: bigint };

type Row = {
  symbol: string;
  id: bigint;
  time_ms: bigint;
  kind: AuctionKind;
  price_ticks: bigint;
  quantity_lots: bigint;
};

const statementIn = (order: 'ASC' | 'DESC') => `
  SELECT a.* FROM unnest($1::text[]) WITH ORDINALITY AS s (symbol, place)
  CROSS JOIN LATERAL (SELECT * FROM auction
    WHERE auction.symbol = s.symbol AND (time_ms, id) >= ($2::bigint, $3::bigint) AND (time_ms, id) < ($4::bigint, $5::bigint)
    ORDER BY time_ms ${order}, id ${order} LIMIT $6) AS a
  ORDER BY s.place, a.time_ms ${order}, a.id ${order} LIMIT $6`;
const oldestFirstStatement = statementIn('ASC');
const newestFirstStatement = statementIn('DESC');

/** Auctions, symbol by symbol in the order given, and of a symbol by place; at most `limit` in all. */
export async function readAuctions(sql: Sql, query: TradeQuery): Promise<ListedAuction[]> {
  const { symbols, from, until, oldestFirst, limit } = query;
  const { rows } = await sql.query<Row>(oldestFirst ? oldestFirstStatement : newestFirstStatement, [
    ...[textArray(symbols), from.timeMs, from.id, until.timeMs, until.id, limit],
  ]);
  return rows.map(({ symbol, id, time_ms, kind, price_ticks: priceTicks, quantity_lots: quantityLots }) => {
    return { symbol, id, timeMs: Number(time_ms), kind: kindOfNumber(kind), priceTicks, quantityLots };
  });
}
