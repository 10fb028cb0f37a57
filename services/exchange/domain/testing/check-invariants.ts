import { NONE, OrderStatus, TradingState } from '../codes.ts';
import type { EngineState } from '../engine-state.ts';
import type { Ladder } from '../ladder.ts';

/** Throws when the books contradict themselves: crossed, wrong sums, dead orders within reach, priority out of order. */
export function checkInvariants(state: EngineState): void {
  let resting = 0;
  for (const book of state.books) {
    const bid = checkLadder(state, book.bids, 1);
    const ask = checkLadder(state, book.asks, 2);
    if (book.state === TradingState.CONTINUOUS && bid.best > 0 && ask.best > 0 && bid.best >= ask.best) {
      throw new Error(`${book.listing.symbol} is crossed: ${bid.best} >= ${ask.best}`);
    }
    resting += bid.resting + ask.resting;
  }
  if (resting !== state.restingCount) throw new Error(`${resting} orders rest, ${state.restingCount} are counted`);
}

function checkLadder({ orders, levels }: EngineState, ladder: Ladder, side: number): { best: number; resting: number } {
  let resting = 0;
  let better = 0;
  for (let place = ladder.count - 1; place >= 0; place--) {
    const level = ladder.levels[place]!;
    const price = levels.price[level]!;
    if (better !== 0 && (side === 1 ? price >= better : price <= better)) throw new Error('levels are out of order');
    better = price;
    let [count, lots, previous] = [0, 0, NONE as number];
    for (let slot = levels.head[level]!; slot !== NONE; slot = orders.next[slot]!) {
      if (orders.status[slot] !== OrderStatus.LIVE) throw new Error('a dead order is within reach');
      if (orders.price[slot] !== price || orders.side[slot] !== side) throw new Error('an order is in the wrong level');
      if (orders.previous[slot] !== previous || orders.level[slot] !== level) throw new Error('a link is broken');
      if (previous !== NONE && orders.stamp[slot]! <= orders.stamp[previous]!)
        throw new Error('priority is out of order');
      count++;
      lots += orders.remaining[slot]!;
      previous = slot;
    }
    if (count === 0 || count !== levels.orderCount[level]) throw new Error('the count of a level is wrong');
    if (lots !== levels.quantity[level]) throw new Error('the sum of a level is wrong');
    resting += count;
  }
  const best = ladder.best();
  return { best: best === NONE ? 0 : levels.price[best]!, resting };
}
