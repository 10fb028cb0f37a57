/** Writes trades and candles from the exchange's feed, in groups, each group with its position in one transaction. */
import type { FollowResponse } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { advancePosition, readPosition } from '#platform/feed/position.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { candlesOf } from '../domain/candle.ts';
import { addToCandles } from '../store/add-to-candles.ts';
import { insertTrades, type StoredTrade } from '../store/insert-trades.ts';

/** Takes messages of one feed and writes them behind. */
export type TradeWriter = AsyncDisposable & {
  /** Drops what is not written and begins at the written position of this feed, which it returns. */
  begin(feed: string): Promise<bigint>;
  /** Moves the position without writing: what lies between is lost to the history. */
  skipTo(sequence: bigint): Promise<void>;
  /**
   * Takes a message in; waits while too much is unwritten. Throws what the last write threw, after which `begin` is due: with
   * PositionMovedError another writer has taken over.
   */
  take(message: FollowResponse): Promise<void>;
};

/** Times and bounds of a writer. */
export type TradeWriterOptions = {
  db: Database;
  /** How long trades wait for others to be written with them; default 200 ms. */
  groupDelayMs?: number;
  /** Trades of one group; default 2,000. */
  groupMax?: number;
  /** The position moves at least so often on a feed without trades; default 5 s. */
  idlePositionMs?: number;
};

/** A writer that has begun nothing yet. */
export function createTradeWriter(options: TradeWriterOptions): TradeWriter {
  const { db, groupDelayMs = 200, groupMax = 2_000, idlePositionMs = 5_000 } = options;
  let feed = '';
  let written = 0n;
  let seen = 0n;
  let waiting: StoredTrade[] = [];
  let failure: unknown;
  let timer: Timer | undefined;
  let dueTimeMs = 0;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    if (failure !== undefined || seen === written) return;
    const trades = waiting;
    const to = seen;
    waiting = [];
    try {
      await db.transaction((tx) => writeGroup(tx, trades, { feed, from: written, to }));
      written = to;
    } catch (error) {
      failure = error;
    }
  };
  const writeNext = () => {
    writing = writing.then(write);
    return writing;
  };
  const writeWithin = (delayMs: number) => {
    const newDueTimeMs = performance.now() + delayMs;
    if (timer !== undefined && dueTimeMs <= newDueTimeMs) return;
    timer?.[Symbol.dispose]();
    dueTimeMs = newDueTimeMs;
    timer = startTimer(delayMs, () => void writeNext());
  };
  const settle = async () => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    await writing;
  };

  return {
    async begin(name) {
      await settle();
      feed = name;
      waiting = [];
      failure = undefined;
      written = await readPosition(db, name);
      seen = written;
      return written;
    },
    async skipTo(sequence) {
      await db.transaction((tx) => advancePosition(tx, feed, written, sequence));
      written = sequence;
      seen = sequence;
    },
    async take({ events }) {
      if (failure !== undefined) throw failure;
      for (const event of events) {
        if (event.sequence <= seen) continue;
        if (event.sequence !== seen + 1n) throw new Error('the feed has a gap');
        seen = event.sequence;
        if (event.event.case === 'traded') waiting.push(storedTrade(event, event.event.value));
      }
      if (waiting.length >= groupMax) await writeNext();
      else if (seen > written) writeWithin(waiting.length > 0 ? groupDelayMs : idlePositionMs);
      if (failure !== undefined) throw failure;
    },
    async [Symbol.asyncDispose]() {
      await settle();
      await write();
    },
  };
}

async function writeGroup(
  tx: Sql,
  trades: readonly StoredTrade[],
  { feed, from, to }: { feed: string; from: bigint; to: bigint },
): Promise<void> {
  // The position first: a writer that was overtaken finds out before it touches anything.
  await advancePosition(tx, feed, from, to);
  if (trades.length === 0) return;
  await insertTrades(tx, trades);
  await addToCandles(tx, candlesOf(trades));
}

function storedTrade(
  { symbol, sequence, timeMs }: FollowResponse['events'][number],
  traded: { tradeId: string; priceTicks: bigint; quantityLots: bigint; taker?: { side: Side } },
): StoredTrade {
  const { tradeId, priceTicks, quantityLots, taker } = traded;
  const takerSide = taker?.side ?? Side.UNSPECIFIED;
  return { symbol, sequence, timeMs: Number(timeMs), tradeId, priceTicks, quantityLots, takerSide };
}
