/** What the exits of lists hold. Written apart from the audit. */
import type { History } from './history.ts';
import { ceilFee, ceilToUnit, type Live } from './replay-history.ts';

/** The amounts of all exits, by order; those that hold nothing are left out. */
export function listAmounts(history: History, live: ReadonlyMap<string, Live>): Map<string, bigint> {
  const open = [...live.values()].filter(({ state, placed }) => placed.list && ['open', 'submitting'].includes(state));
  const amounts = new Map<string, bigint>();
  for (const legs of Map.groupBy(open, ({ placed }) => placed.list?.listId).values()) {
    const roleOf = ({ placed }: Live) => placed.list?.role ?? 0;
    const exits = legs.filter((leg) => roleOf(leg) > 0).sort((one, other) => roleOf(one) - roleOf(other));
    const [first] = exits;
    if (first === undefined) continue;
    const entry = legs.find((leg) => roleOf(leg) === 0);
    amounts.set(first.placed.orderId, amountOf(history, exits, entry));
  }
  return amounts;
}

function amountOf(history: History, exits: Live[], entry: Live | undefined): bigint {
  const most = greatest(exits.map(openOf));
  const [first] = exits as [Live, ...Live[]];
  if (first.placed.side === 'sell') return most * history.lotMicros;
  const { makerBps, takerBps } = first.placed;
  const [, bps = 0n] = makerBps > takerBps ? [takerBps, makerBps] : [makerBps, takerBps];
  const price = greatest(exits.map(worstPrice)) * history.tickLotMicros;
  const unit = bps === 0n ? 0n : ceilToUnit(1n, history);
  const second = exits.length > 1 ? unit : 0n;
  const weighted = exits.reduce((sum, { maker, taker }) => sum + maker * makerBps + taker * takerBps, 0n);
  const charged = exits.reduce((sum, exit) => sum + ceilFee(history, exit), 0n);
  if (entry === undefined) {
    return most === 0n ? 0n : most * price + ceilToUnit(weighted + most * price * bps, history) + second - charged;
  }
  const short = price * (10_000n + bps) - worstPrice(entry) * history.tickLotMicros * (10_000n - bps);
  const sold = entry.maker * makerBps + entry.taker * takerBps - ceilFee(history, entry) * 10_000n;
  const parts =
    most * price * (10_000n + bps) +
    weighted -
    charged * 10_000n +
    (2n * unit + second) * 10_000n +
    sold +
    (short > 0n ? openOf(entry) * short : 0n);
  return (parts + 9_999n) / 10_000n;
}

function greatest(numbers: bigint[]): bigint {
  return numbers.toSorted((a, b) => Number(b - a))[0] ?? 0n;
}

/** What is left, before or after the change that is on its way: that of an exit changes its price alone. */
function openOf({ lots, filled, coming, reduced, change, placed }: Live): bigint {
  const next = change && placed.list?.role === 0 ? change.lots - filled : 0n;
  return greatest([lots - filled + coming - reduced, next]);
}

function worstPrice({ placed, price, change }: Live): bigint {
  const prices = change ? [price, change.priceTicks] : [price];
  const sorted = prices.toSorted((one, other) => Number(one - other));
  return (placed.side === 'buy' ? sorted.at(-1) : sorted[0]) ?? price;
}
