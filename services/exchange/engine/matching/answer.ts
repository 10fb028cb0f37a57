/** What the answer to a command says of its orders when all that followed in the command is done (R22). */
import { none } from '../model/codes.ts';
import { EventKind, eventWords } from '../model/event-buffer.ts';
import type { MatchingState } from './matching-state.ts';
import { openOffset } from './order-table.ts';

/**
 * Leaves in `tradedLots` and `restingLots` what the orders of these keys traded since an event of the running group, and what they
 * have open now: a final order has nothing open. Rule versions 1 and 2 left there what was so before anything followed.
 */
export function countLots(state: MatchingState, firstEvent: number, keys: readonly number[]): void {
  const { events, orders, ruleVersion } = state;
  if (ruleVersion < 3) return;
  const { words } = events;
  let [traded, open] = [0, 0];
  for (let at = firstEvent * eventWords; at < events.count * eventWords; at += eventWords) {
    if (words[at] !== EventKind.TRADED) continue;
    if (keys.includes(words[at + 3]!)) traded += words[at + 6]!;
    if (keys.includes(words[at + 4]!)) traded += words[at + 6]!;
  }
  for (const key of keys) {
    const slot = orders.find(key);
    if (slot !== none) open += orders.words[slot + openOffset]!;
  }
  state.tradedLots = traded;
  state.restingLots = open;
}

/**
 * The sum of lots x price in ticks over the trades that `tradedLots` counts: those of the orders of these keys since an event of the
 * running group, the first ones where versions 1 and 2 counted fewer. At most twice (2^31-1)^2.
 */
export function tradedValue(state: MatchingState, firstEvent: number, keys: readonly number[]): bigint {
  const { events, tradedLots } = state;
  const { words } = events;
  let [left, safe, large] = [tradedLots, 0, 0n];
  for (let at = firstEvent * eventWords; left > 0 && at < events.count * eventWords; at += eventWords) {
    if (words[at] !== EventKind.TRADED) continue;
    if (!keys.includes(words[at + 3]!) && !keys.includes(words[at + 4]!)) continue;
    const [price, lots] = [words[at + 5]!, Math.min(left, words[at + 6]!)];
    left -= lots;
    // Nearly all values are exact as numbers; a sum that would not be is carried over to the bigint.
    if (price * lots <= Number.MAX_SAFE_INTEGER - safe) safe += price * lots;
    else large += BigInt(price) * BigInt(lots);
  }
  return large + BigInt(safe);
}
