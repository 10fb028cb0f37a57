import { NONE } from '../codes.ts';
import { DISPLAY } from './extra-table.ts';
import type { MatchingState } from './matching-state.ts';
import { EXTRA, OPEN } from './order-table.ts';

/** The lots that an order shows when it joins a queue: an iceberg's slice, or all that is open. */
export function shownOf({ orders, extras }: MatchingState, slot: number): number {
  const open = orders.words[slot + OPEN]!;
  const extra = orders.words[slot + EXTRA]!;
  if (extra === NONE) return open;
  const display = extras.words[extra + DISPLAY]!;
  return display === 0 ? open : Math.min(display, open);
}
