import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { TimeSpan } from '#platform/validation/time-range.ts';
import { type BestPrice, type PastQuote, secondOf } from '../domain/past-quote.ts';

/** Which quotes: those of a time within `range`, in the seconds of `seconds`. */
export type PastQuoteQuery = {
  symbols: readonly string[];
  range: TimeSpan;
  seconds: TimeSpan;
  oldestFirst: boolean;
  limit: number;
};

/**
 * Stores quotes, of each symbol and second the last; one that is stored of a later time stays. The transaction does not wait for the disk: what a
 * server that crashes loses is the quotes of a moment.
 */
export async function savePastQuotes(sql: Sql, quotes: readonly PastQuote[]): Promise<void> {
  const last = [...new Map(quotes.map((quote) => [`${quote.symbol} ${secondOf(quote.timeMs)}`, quote])).values()];
  await sql.query(
    `WITH stored_quotes AS (
       INSERT INTO past_quote AS stored (symbol, second_ms, time_ms, bid_ticks, bid_lots, ask_ticks, ask_lots)
       SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
       ON CONFLICT (symbol, second_ms) DO UPDATE SET
         time_ms = excluded.time_ms, bid_ticks = excluded.bid_ticks, bid_lots = excluded.bid_lots,
         ask_ticks = excluded.ask_ticks, ask_lots = excluded.ask_lots
       WHERE stored.time_ms <= excluded.time_ms
     )
     SELECT set_config('synchronous_commit', 'off', true)`,
    [
      textArray(last.map(({ symbol }) => symbol)),
      plainArray(last.map(({ timeMs }) => secondOf(timeMs))),
      plainArray(last.map(({ timeMs }) => timeMs)),
      ...[...columnsOf(last.map(({ bid }) => bid)), ...columnsOf(last.map(({ ask }) => ask))],
    ],
  );
}

function columnsOf(prices: readonly (BestPrice | undefined)[]): string[] {
  return [
    plainArray(prices.map((price) => price?.priceTicks ?? null)),
    plainArray(prices.map((price) => price?.quantityLots ?? null)),
  ];
}

type Row = {
  symbol: string;
  time_ms: bigint;
  bid_ticks: bigint | null;
  bid_lots: bigint | null;
  ask_ticks: bigint | null;
  ask_lots: bigint | null;
};

const statementIn = (order: 'ASC' | 'DESC') => `
  SELECT q.* FROM unnest($1::text[]) WITH ORDINALITY AS s (symbol, place)
  CROSS JOIN LATERAL (SELECT * FROM past_quote
    WHERE past_quote.symbol = s.symbol AND second_ms >= $2 AND second_ms < $3 AND time_ms >= $4 AND time_ms < $5
    ORDER BY second_ms ${order} LIMIT $6) AS q
  ORDER BY s.place, q.second_ms ${order} LIMIT $6`;
const oldestFirstStatement = statementIn('ASC');
const newestFirstStatement = statementIn('DESC');

/** Quotes, symbol by symbol in the order given, and of a symbol by time; at most `limit` in all. */
export async function readPastQuotes(sql: Sql, query: PastQuoteQuery): Promise<PastQuote[]> {
  const { symbols, range, seconds, oldestFirst, limit } = query;
  const { rows } = await sql.query<Row>(oldestFirst ? oldestFirstStatement : newestFirstStatement, [
    ...[textArray(symbols), seconds.fromMs, seconds.untilMs, range.fromMs, range.untilMs, limit],
  ]);
  return rows.map((row) => ({
    symbol: row.symbol,
    timeMs: Number(row.time_ms),
    bid: priceOf(row.bid_ticks, row.bid_lots),
    ask: priceOf(row.ask_ticks, row.ask_lots),
  }));
}

function priceOf(priceTicks: bigint | null, quantityLots: bigint | null): BestPrice | undefined {
  return priceTicks === null || quantityLots === null ? undefined : { priceTicks, quantityLots };
}
