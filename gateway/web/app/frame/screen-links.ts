/** The screens that the person may see, as links. */
import { computed } from '@preact/signals';
import { routeHash, type ScreenName } from '../router/route.ts';
import { selectedSymbol, selectedTimeFrame } from '../store/selection.ts';
import { mayOperate } from './roles.ts';

/** A link to a screen. */
export type ScreenLink = { screen: ScreenName | 'floor'; text: string; href: string };

const texts: readonly [ScreenName, string][] = [
  ['portfolio', 'Portfolio'],
  ['orders', 'Orders'],
  ['money', 'Money'],
  ['automation', 'Automation'],
  ['inbox', 'Inbox'],
  ['settings', 'Settings'],
  ['operations', 'Operations'],
  ['admin', 'Admin'],
];
const staff: readonly ScreenName[] = ['operations', 'admin'];

/** The address of the Floor with the symbol and the time frame that it showed last. */
export const floorHref = computed(() =>
  routeHash({ screen: 'floor', symbol: selectedSymbol.value, timeFrame: selectedTimeFrame.value }),
);

/** All links, the Floor first; those of staff for staff. */
export const screenLinks = computed<readonly ScreenLink[]>(() => [
  { screen: 'floor', text: 'Floor', href: floorHref.value },
  ...texts
    .filter(([screen]) => mayOperate.value || !staff.includes(screen))
    .map(([screen, text]) => ({ screen, text, href: routeHash({ screen, rest: '' }) })),
]);
