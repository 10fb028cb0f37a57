import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type DayRecord, emptyDay } from '../domain/day-plan.ts';
import { phaseOf, stateOf } from '../rpc/messages/session-messages.ts';

type Row = {
  symbol: string;
  day: number;
  driven_resumptions: number;
  state: TradingState;
  halt_key: string | null;
  resumptions: number;
  reopen_time_ms: bigint | null;
};

const columns = 'symbol, day, driven_resumptions, state, halt_key, resumptions, reopen_time_ms';
/** As many as there can be instruments. */
const rowsMax = 5_000;

/** The days of all books that have one, by symbol. */
export async function readTradingDays(sql: Sql): Promise<Map<string, DayRecord>> {
  const { rows } = await sql.query<Row>(`SELECT ${columns} FROM trading_day ORDER BY symbol LIMIT $1`, [rowsMax]);
  return new Map(rows.map((row) => [row.symbol, recordOf(row)]));
}

/** The day of one book; an empty one when there is none yet. */
export async function readTradingDay(sql: Sql, symbol: string): Promise<DayRecord> {
  const { rows } = await sql.query<Row>(`SELECT ${columns} FROM trading_day WHERE symbol = $1`, [symbol]);
  return rows[0] === undefined ? emptyDay : recordOf(rows[0]);
}

/** Stores that the exchange has carried out a change; an older one than is stored changes nothing. */
export async function saveDriven(
  sql: Sql,
  symbol: string,
  { day, resumptions, phase }: NonNullable<DayRecord['driven']>,
): Promise<void> {
  await sql.query(
    `INSERT INTO trading_day AS stored (symbol, day, driven_resumptions, state) VALUES ($1, $2, $3, $4)
     ON CONFLICT (symbol) DO UPDATE SET
       day = excluded.day, driven_resumptions = excluded.driven_resumptions, state = excluded.state
     WHERE (stored.day, stored.driven_resumptions, stored.state)
       < (excluded.day, excluded.driven_resumptions, excluded.state)`,
    [symbol, day, resumptions, stateOf(phase)],
  );
}

/** Stores an operator's halt under its key. */
export async function saveHalt(sql: Sql, symbol: string, key: string): Promise<void> {
  await sql.query(
    `INSERT INTO trading_day (symbol, halt_key) VALUES ($1, $2)
     ON CONFLICT (symbol) DO UPDATE SET halt_key = excluded.halt_key`,
    [symbol, key],
  );
}

/** Stores the end of an operator's halt; until `reopenTimeMs` by the market's clock the book collects orders before it trades. */
export async function saveResumption(sql: Sql, symbol: string, reopenTimeMs: number | undefined): Promise<void> {
  await sql.query(
    `INSERT INTO trading_day AS stored (symbol, resumptions, reopen_time_ms) VALUES ($1, 1, $2)
     ON CONFLICT (symbol) DO UPDATE SET
       halt_key = NULL, resumptions = stored.resumptions + 1, reopen_time_ms = excluded.reopen_time_ms`,
    [symbol, reopenTimeMs],
  );
}

function recordOf(row: Row): DayRecord {
  const phase = phaseOf(row.state);
  const driven = phase === undefined ? undefined : { day: row.day, resumptions: row.driven_resumptions, phase };
  const reopenTimeMs = row.reopen_time_ms === null ? undefined : Number(row.reopen_time_ms);
  return { driven, haltKey: row.halt_key ?? undefined, resumptions: row.resumptions, reopenTimeMs };
}
