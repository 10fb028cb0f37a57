import { EventKind } from '../model/event-buffer.ts';
import type { MatchingState } from './matching-state.ts';
import { bookOffset, keyOffset, openOffset, priceOffset, quantityOffset, revisionOffset } from './order-table.ts';

/** Increments the revision of an order and emits its present terms. `flags` are those of EventFlag. */
export function emitReplaced({ orders, events, command }: MatchingState, slot: number, flags: number): void {
  const order = orders.words;
  order[slot + revisionOffset]!++;
  const at = events.begin(EventKind.REPLACED, order[slot + bookOffset]!, command);
  const words = events.words;
  words[at + 3] = order[slot + keyOffset]!;
  words[at + 4] = order[slot + priceOffset]!;
  words[at + 5] = order[slot + quantityOffset]!;
  words[at + 6] = order[slot + openOffset]!;
  words[at + 7] = order[slot + revisionOffset]!;
  words[at + 8] = flags;
  orders.touch(slot);
}
