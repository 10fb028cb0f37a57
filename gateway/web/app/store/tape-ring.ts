/** The ring of the tape, newest first. */
import type { Trade } from '#gen/outcry/market/v1/market_pb.ts';

/** A trade, or a gap: how many were left out, 0 where that is not known. */
export type TapeEntry = { kind: 'trade'; trade: Trade } | { kind: 'gap'; key: string; missed: number };

/** The newest trades of a symbol. */
export type Tape = { symbol: string; entries: readonly TapeEntry[] };

const entriesMax = 500;

/** The tape with these trades, oldest first, at its top; those that it has are left out. */
export function addTrades(tape: Tape, trades: readonly Trade[]): Tape {
  const known = new Set(tape.entries.flatMap((entry) => (entry.kind === 'trade' ? [entry.trade.tradeId] : [])));
  const fresh = trades.filter(
    ({ symbol, tradeId }) => symbol === tape.symbol && !known.has(tradeId) && known.add(tradeId),
  );
  if (fresh.length === 0) return tape;
  const added = fresh.toReversed().map((trade): TapeEntry => ({ kind: 'trade', trade }));
  return { symbol: tape.symbol, entries: [...added, ...tape.entries].slice(0, entriesMax) };
}

/** The tape with a gap at its top. */
export function withGap(tape: Tape, missed: number): Tape {
  const [newest] = tape.entries;
  const key = newest?.kind === 'trade' ? `gap after ${newest.trade.tradeId}` : `gap ${tape.entries.length}`;
  return { ...tape, entries: [{ kind: 'gap', key, missed } as const, ...tape.entries].slice(0, entriesMax) };
}
