import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { readFeedState } from '#platform/feed/feed-state.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { type Candle, candleIntervals, intervalMs } from '../domain/candle.ts';
import { type CandleRow, candleOfRow } from './candle-row.ts';

const dayMs = 86_400_000;

/** The stored history of one symbol. */
export type SymbolHistory = {
  symbol: string;
  referenceTicks: bigint | undefined;
  volumeLots: bigint;
  /** The newest candle of each length that has one. */
  candles: Candle[];
  /** The candle of one day before the newest. */
  previousDay: Candle | undefined;
  lastTrade: { tradeId: string; takerSide: Side; priceTicks: bigint; quantityLots: bigint; timeMs: number } | undefined;
};

/** All symbols as of one feed sequence. */
export type History = { throughSequence: bigint; symbols: SymbolHistory[] };

/** The name of a shard's feed where its trades are recorded. */
export function recordedFeed(shard: number): string {
  return `exchange.${shard}`;
}

/** Reads, in one snapshot, how far the shard's feed is recorded, 0 for another epoch, and what is recorded of each symbol by then. */
export function readHistory(
  db: Database,
  options: { shard: number; epoch: string; symbols: readonly string[]; nowMs: number },
): Promise<History> {
  return db.transaction(
    async (tx) => {
      const recorded = await readFeedState(tx, recordedFeed(options.shard));
      const throughSequence = recorded.epoch === options.epoch ? recorded.sequence : 0n;
      const days = await tx.query<DayRow>(dayStatement, [options.symbols, options.nowMs - dayMs]);
      const newest = await tx.query<CandleRow>(newestStatement, [
        options.symbols,
        candleIntervals.map((interval) => intervalMs[interval]),
      ]);
      const previous = await tx.query<CandleRow>(previousDayStatement, [options.symbols]);
      const candles = Map.groupBy(newest.rows.map(candleOfRow), ({ symbol }) => symbol);
      const previousDays = new Map(previous.rows.map((row) => [row.symbol, candleOfRow(row)]));
      return {
        throughSequence,
        symbols: days.rows.map((row) => ({
          ...symbolHistory(row, candles.get(row.symbol) ?? []),
          previousDay: previousDays.get(row.symbol),
        })),
      };
    },
    { isolation: 'repeatable read' },
  );
}

type DayRow = {
  symbol: string;
  reference_ticks: bigint | null;
  volume_lots: string;
  last_price_ticks: bigint | null;
  last_quantity_lots: bigint;
  last_time_ms: bigint;
  last_trade_id: string;
  last_taker_side: Side;
};

// The close of the last minute that had ended 24 hours ago; without one, the first open since. Whole minutes are counted.
const dayStatement = `
  SELECT s.symbol,
    coalesce(
      (SELECT close_ticks FROM candle c WHERE c.symbol = s.symbol AND interval_ms = 60000 AND start_ms <= $2::bigint - 60000
       ORDER BY start_ms DESC LIMIT 1),
      (SELECT open_ticks FROM candle c WHERE c.symbol = s.symbol AND interval_ms = 60000 AND start_ms > $2::bigint - 60000
       ORDER BY start_ms LIMIT 1)) AS reference_ticks,
    (SELECT coalesce(sum(volume_lots), 0) FROM candle c
     WHERE c.symbol = s.symbol AND interval_ms = 60000 AND start_ms > $2::bigint - 60000) AS volume_lots,
    t.price_ticks AS last_price_ticks, t.quantity_lots AS last_quantity_lots, t.time_ms AS last_time_ms,
    t.trade_id AS last_trade_id, t.taker_side AS last_taker_side
  FROM unnest($1::text[]) AS s (symbol)
  LEFT JOIN LATERAL (SELECT price_ticks, quantity_lots, time_ms, trade_id, taker_side FROM trade
    WHERE trade.symbol = s.symbol ORDER BY id DESC LIMIT 1) AS t ON true`;

const newestStatement = `
  SELECT c.* FROM unnest($1::text[]) AS s (symbol) CROSS JOIN unnest($2::integer[]) AS i (interval_ms)
  CROSS JOIN LATERAL (SELECT * FROM candle
    WHERE candle.symbol = s.symbol AND candle.interval_ms = i.interval_ms ORDER BY start_ms DESC LIMIT 1) AS c`;

const previousDayStatement = `
  SELECT c.* FROM unnest($1::text[]) AS s (symbol) CROSS JOIN LATERAL (SELECT * FROM candle
    WHERE candle.symbol = s.symbol AND interval_ms = 86400000 ORDER BY start_ms DESC OFFSET 1 LIMIT 1) AS c`;

function symbolHistory(row: DayRow, candles: Candle[]): Omit<SymbolHistory, 'previousDay'> {
  const lastTrade =
    row.last_price_ticks === null
      ? undefined
      : {
          priceTicks: row.last_price_ticks,
          quantityLots: row.last_quantity_lots,
          timeMs: Number(row.last_time_ms),
          tradeId: row.last_trade_id,
          takerSide: row.last_taker_side,
        };
  return {
    symbol: row.symbol,
    referenceTicks: row.reference_ticks ?? undefined,
    volumeLots: BigInt(row.volume_lots),
    candles,
    lastTrade,
  };
}
