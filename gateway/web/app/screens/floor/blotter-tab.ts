/** Which table of the blotter is shown. */
import { signal } from '@preact/signals';
import { isTicketOpen, shownPart } from './layout.ts';

/** A table of the blotter. */
export type BlotterTab = 'open' | 'positions' | 'fills' | 'history';

/** The table that is shown. */
export const blotterTab = signal<BlotterTab>('open');

/** Shows the open orders, on a phone in place of the ticket. */
export function showOpenOrders(): void {
  blotterTab.value = 'open';
  shownPart.value = 'orders';
  isTicketOpen.value = false;
}
