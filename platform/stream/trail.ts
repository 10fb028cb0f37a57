/** The last trades of a symbol, for readers that go on after one of them. */

/** All trades after a sequence, oldest first. */
export type Trail<T> = {
  /** Trades up to this sequence are not in it. */
  readonly fromSequence: bigint;
  readonly trades: readonly T[];
  add(trade: T): void;
  /** Adds trades before all others, those after `sequence`; the oldest are left out where there are too many. */
  prepend(older: readonly T[], sequence: bigint): void;
  /** The trades after a sequence; undefined when some of them are not in it. */
  after(sequence: bigint): T[] | undefined;
};

/** No trades yet after `fromSequence`. At most `lengthMax` are stored; beyond it the older half is dropped. */
export function createTrail<T extends { sequence: bigint }>(fromSequence: bigint, lengthMax: number): Trail<T> {
  const trades: T[] = [];
  let first = fromSequence;
  return {
    get fromSequence() {
      return first;
    },
    trades,
    add(trade) {
      trades.push(trade);
      if (trades.length <= lengthMax) return;
      first = trades.splice(0, Math.ceil(lengthMax / 2)).at(-1)?.sequence ?? first;
    },
    prepend(older, sequence) {
      if (sequence >= first) return;
      const known = older.filter((trade) => trade.sequence <= first);
      const room = Math.max(0, lengthMax - trades.length);
      first = known.length > room ? (known.at(-room - 1)?.sequence ?? first) : sequence;
      trades.unshift(...(room === 0 ? [] : known.slice(-room)));
    },
    after(sequence) {
      if (sequence < first) return undefined;
      const start = trades.findIndex((trade) => trade.sequence > sequence);
      return start === -1 ? [] : trades.slice(start);
    },
  };
}
