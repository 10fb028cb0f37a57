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
