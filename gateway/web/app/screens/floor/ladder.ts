/** The rows of the Pit: levels of the book, grouped, with what stands up to each. */
import type { DepthLevel } from '#gen/outcry/market/v1/market_pb.ts';
import { microsText, parseMicros, roundedDown } from '../../figures/decimal.ts';

/** A row of the ladder. */
export type LadderRow = {
  /** Price, decimal; of a group the end nearest to the other side is inside of it. */
  price: string;
  /** Shares at it, decimal. */
  quantity: string;
  /** Shares from the best price up to it, decimal. */
  cumulative: string;
  /** What stands up to it in proportion to the longest bar, 0 to 1. */
  share: number;
  /** The quantity of own orders at it, decimal; empty: none. */
  own: string;
};

/** Both sides, best first. */
export type Ladder = { bids: LadderRow[]; asks: LadderRow[] };

/** Own open orders by price and side, in millionths. */
export type OwnLevels = { bids: ReadonlyMap<bigint, bigint>; asks: ReadonlyMap<bigint, bigint> };

type Options = {
  bids: readonly DepthLevel[];
  asks: readonly DepthLevel[];
  own: OwnLevels;
  /** Prices of one row, in millionths; a multiple of the tick. */
  step: bigint;
  /** Rows a side at most. */
  rowsMax: number;
};

/** The ladder of a book. Bids are grouped downwards, asks upwards, so that no row is better than its orders. */
export function ladder({ bids, asks, own, step, rowsMax }: Options): Ladder {
  const sides = {
    bids: grouped(bids, (price) => roundedDown(price, step), own.bids).slice(0, rowsMax),
    asks: grouped(asks, (price) => -roundedDown(-price, step), own.asks).slice(0, rowsMax),
  };
  const longest = [...sides.bids, ...sides.asks].reduce((max, { total }) => (total > max ? total : max), 1n);
  return { bids: rowsOf(sides.bids, longest), asks: rowsOf(sides.asks, longest) };
}

type Group = { price: bigint; quantity: bigint; total: bigint; own: bigint };

function grouped(
  levels: readonly DepthLevel[],
  groupOf: (price: bigint) => bigint,
  own: ReadonlyMap<bigint, bigint>,
): Group[] {
  const groups: Group[] = [];
  for (const level of levels) {
    const exact = parseMicros(level.price) ?? 0n;
    const quantity = parseMicros(level.quantity) ?? 0n;
    const price = groupOf(exact);
    const last = groups.at(-1);
    const ownHere = own.get(exact) ?? 0n;
    if (last?.price === price) {
      last.quantity += quantity;
      last.total += quantity;
      last.own += ownHere;
    } else {
      groups.push({ price, quantity, total: (last?.total ?? 0n) + quantity, own: ownHere });
    }
  }
  return groups;
}

function rowsOf(groups: readonly Group[], longest: bigint): LadderRow[] {
  return groups.map(({ price, quantity, total, own }) => ({
    price: microsText(price),
    quantity: microsText(quantity),
    cumulative: microsText(total),
    share: Number((total * 1_000n) / longest) / 1_000,
    own: own === 0n ? '' : microsText(own),
  }));
}

/** Steps by which prices can be grouped, from the tick up. */
export function groupSteps(tick: string): bigint[] {
  const one = parseMicros(tick) ?? 10_000n;
  return [1n, 2n, 5n, 10n, 20n, 50n, 100n].map((factor) => one * factor);
}

/** The ladder while the pointer is over it: rows stay at their prices, sizes are those of now, none where a price is gone. */
export function heldLadder(held: Ladder, current: Ladder): Ladder {
  const sizesOf = (rows: readonly LadderRow[], now: readonly LadderRow[]) => {
    const byPrice = new Map(now.map((row) => [row.price, row]));
    return rows.map((row) => byPrice.get(row.price) ?? { ...row, quantity: '', cumulative: '', share: 0, own: '' });
  };
  return { bids: sizesOf(held.bids, current.bids), asks: sizesOf(held.asks, current.asks) };
}
