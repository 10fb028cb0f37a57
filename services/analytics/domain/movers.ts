/** Rankings of instruments by gain, loss and volume. */

/** The performance of one instrument. Prices and volume are integers of scale 6. */
export type Performance = {
  symbol: string;
  /** Undefined before the first trade. */
  last: bigint | undefined;
  /** Price 24 hours ago, or the first since, more than 0; undefined before the first trade. */
  reference: bigint | undefined;
  /** Shares traded in the last 24 hours. */
  volume: bigint;
};

/** By what to rank. */
export type Ranking = 'gainers' | 'losers' | 'most_active';

/** Those that the ranking is about, best first, at most `count`. Compared exactly, not by rounded percents; equals by symbol. */
export function rank<P extends Performance>(performances: readonly P[], ranking: Ranking, count: number): P[] {
  return performances
    .filter((performance) => isIn(performance, ranking))
    .sort((a, b) => placeOf(a, b, ranking))
    .slice(0, count);
}

/**
 * Those that come behind `after` in the ranking, at most `count`, and how many come before them. `after` need not be in the ranking as it is now:
 * the figures of another moment have a place in it too.
 */
export function rankAfter<P extends Performance>(
  performances: readonly P[],
  ranking: Ranking,
  after: Performance | undefined,
  count: number,
): { found: P[]; before: number } {
  const ranked = rank(performances, ranking, performances.length);
  const isBefore = (performance: P) => after !== undefined && placeOf(performance, after, ranking) <= 0;
  const before = ranked.filter(isBefore).length;
  return { found: ranked.slice(before, before + count), before };
}

function placeOf(a: Performance, b: Performance, ranking: Ranking): number {
  return compare(a, b, ranking) || Number(a.symbol > b.symbol) - Number(a.symbol < b.symbol);
}

function isIn(performance: Performance, ranking: Ranking): boolean {
  switch (ranking) {
    case 'gainers':
      return moveOf(performance) > 0n;
    case 'losers':
      return moveOf(performance) < 0n;
    case 'most_active':
      return performance.volume > 0n;
  }
}

function compare(a: Performance, b: Performance, ranking: Ranking): number {
  switch (ranking) {
    case 'gainers':
      return -compareChange(a, b);
    case 'losers':
      return compareChange(a, b);
    case 'most_active':
      return Number(b.volume > a.volume) - Number(b.volume < a.volume);
  }
}

function moveOf({ last, reference }: Performance): bigint {
  return last === undefined || reference === undefined ? 0n : last - reference;
}

/** move / reference of both, over the common divisor: no rounding can make two different changes equal. */
function compareChange(a: Performance, b: Performance): number {
  const left = moveOf(a) * (b.reference ?? 1n);
  const right = moveOf(b) * (a.reference ?? 1n);
  return Number(left > right) - Number(left < right);
}
