import type { Sql } from '#platform/postgres/sql.ts';
import type { Terms } from '../domain/instrument.ts';

type Row = {
  symbol: string;
  name: string;
  sector: string;
  tick_size: bigint;
  lot_size: bigint;
  currency: string;
  band_bps: number;
  reference_price: bigint;
  calendar: string;
  breaker_bps: number;
  breaker_halt_ms: number;
  breaker_auction_ms: number;
};

/** Most instruments that a market can have. */
export const instrumentsMax = 5_000;

/** The whole catalogue, by symbol. */
export async function readInstruments(sql: Sql): Promise<Terms[]> {
  const { rows } = await sql.query<Row>(
    `SELECT symbol, name, sector, tick_size, lot_size, currency, band_bps, reference_price, calendar,
       breaker_bps, breaker_halt_ms, breaker_auction_ms
     FROM instrument ORDER BY symbol COLLATE "C" LIMIT $1`,
    [instrumentsMax],
  );
  return rows.map((row) => ({
    symbol: row.symbol,
    name: row.name,
    sector: row.sector,
    tickSize: row.tick_size,
    lotSize: row.lot_size,
    currency: row.currency,
    bandBps: row.band_bps,
    referencePrice: row.reference_price,
    calendar: row.calendar,
    breakerBps: row.breaker_bps,
    breakerHaltMs: row.breaker_halt_ms,
    breakerAuctionMs: row.breaker_auction_ms,
  }));
}
