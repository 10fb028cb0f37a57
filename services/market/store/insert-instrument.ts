import type { Sql } from '#platform/postgres/sql.ts';
import type { Terms } from '../domain/instrument.ts';

/** Stores the instrument unless its symbol is taken; the caller compares it with what is stored under the symbol. */
export async function insertInstrument(sql: Sql, terms: Terms): Promise<void> {
  const { symbol, name, sector, tickSize, lotSize, currency, bandBps, referencePrice, calendar } = terms;
  const { breakerBps, breakerHaltMs, breakerAuctionMs } = terms;
  await sql.query(
    `INSERT INTO instrument (symbol, name, sector, tick_size, lot_size, currency, band_bps, reference_price, calendar,
       breaker_bps, breaker_halt_ms, breaker_auction_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (symbol) DO NOTHING`,
    [
      ...[symbol, name, sector, tickSize, lotSize, currency, bandBps, referencePrice, calendar],
      ...[breakerBps, breakerHaltMs, breakerAuctionMs],
    ],
  );
}
