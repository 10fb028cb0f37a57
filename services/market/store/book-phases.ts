import type { AuctionKind } from '#gen/outcry/market/v1/market_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { BookPhase } from '../domain/auction.ts';
import { kindOfNumber, numberOfKind } from '../rpc/messages/auction-message.ts';
import { phaseOf, stateOfStep } from '../rpc/messages/session-messages.ts';

type Row = { symbol: string; state: TradingState; has_opened: boolean; auction_kind: AuctionKind };

/** What is stored of the states of these books, by symbol. */
export async function readBookPhases(sql: Sql, symbols: readonly string[]): Promise<Map<string, BookPhase>> {
  const { rows } = await sql.query<Row>(
    `SELECT p.symbol, p.state, p.has_opened, p.auction_kind
     FROM unnest($1::text[]) AS s (symbol)
     CROSS JOIN LATERAL (SELECT * FROM book_phase WHERE book_phase.symbol = s.symbol LIMIT 1) AS p`,
    [textArray(symbols)],
  );
  return new Map(
    rows.map(({ symbol, state, has_opened: hasOpened, auction_kind }) => [
      symbol,
      { state: phaseOf(state) ?? 'halted', hasOpened, kind: kindOfNumber(auction_kind) },
    ]),
  );
}

/** Stores what is known of the states of books. */
export async function saveBookPhases(sql: Sql, phases: ReadonlyMap<string, BookPhase>): Promise<void> {
  const all = [...phases.values()];
  await sql.query(
    `INSERT INTO book_phase (symbol, state, has_opened, auction_kind)
     SELECT * FROM unnest($1::text[], $2::smallint[], $3::boolean[], $4::smallint[])
     ON CONFLICT (symbol) DO UPDATE SET
       state = excluded.state, has_opened = excluded.has_opened, auction_kind = excluded.auction_kind`,
    [
      textArray([...phases.keys()]),
      plainArray(all.map(({ state }) => stateOfStep(state))),
      plainArray(all.map(({ hasOpened }) => hasOpened)),
      plainArray(all.map(({ kind }) => numberOfKind(kind))),
    ],
  );
}
