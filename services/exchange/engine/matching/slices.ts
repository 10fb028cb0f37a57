import { none } from '../model/codes.ts';
import { displayOffset } from './extra-table.ts';
import type { MatchingState } from './matching-state.ts';
import { extraOffset, openOffset } from './order-table.ts';

/** The lots that an order shows when it joins a queue: an iceberg's slice, or all that is open. */
export function shownOf({ orders, extras }: MatchingState, slot: number): number {
  const open = orders.words[slot + openOffset]!;
  const extra = orders.words[slot + extraOffset]!;
  if (extra === none) return open;
  const display = extras.words[extra + displayOffset]!;
  return display === 0 ? open : Math.min(display, open);
}
