import { EventKind } from '../event-buffer.ts';
import type { MatchingState } from './matching-state.ts';
import { BOOK, KEY, OPEN, PRICE, QUANTITY, REVISION } from './order-table.ts';

/** Gives an order its next revision and tells its terms. `flags` are those of EventFlag. */
export function tellReplaced({ orders, events, command }: MatchingState, slot: number, flags: number): void {
  const order = orders.words;
  order[slot + REVISION]!++;
  const at = events.begin(EventKind.REPLACED, order[slot + BOOK]!, command);
  const words = events.words;
  words[at + 3] = order[slot + KEY]!;
  words[at + 4] = order[slot + PRICE]!;
  words[at + 5] = order[slot + QUANTITY]!;
  words[at + 6] = order[slot + OPEN]!;
  words[at + 7] = order[slot + REVISION]!;
  words[at + 8] = flags;
  orders.touch(slot);
}
