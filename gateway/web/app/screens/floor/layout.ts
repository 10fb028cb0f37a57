/** How the Floor is laid out, and what of it is shown where not all is. */
import { signal } from '@preact/signals';

/** By the width of the window: all at once, two columns, or one part at a time. */
export type Layout = 'desktop' | 'tablet' | 'phone';

/** Parts of which a narrow window shows one. */
export type Part = 'chart' | 'pit' | 'tape' | 'orders' | 'you' | 'ticket';

const phone = matchMedia('(max-width: 767px)');
const tablet = matchMedia('(max-width: 1279px)');
const layoutNow = (): Layout => (phone.matches ? 'phone' : tablet.matches ? 'tablet' : 'desktop');

/** The layout of the window. */
export const layout = signal<Layout>(layoutNow());
for (const query of [phone, tablet]) {
  query.addEventListener('change', () => {
    layout.value = layoutNow();
  });
}

const wide = matchMedia('(min-width: 1536px)');
/** Whether the list has room for best prices. */
export const isWide = signal(wide.matches);
wide.addEventListener('change', () => {
  isWide.value = wide.matches;
});

/** What the right column of a tablet, and a phone, shows. */
export const shownPart = signal<Part>('pit');
/** Whether the list is open as a drawer. */
export const isListOpen = signal(false);
/** Whether the ticket is asked for: on a phone its sheet is open, on a tablet its tab is shown. */
export const isTicketOpen = signal(false);
