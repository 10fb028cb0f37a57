/** The route that the address shows, as a signal. */
import { signal } from '@preact/signals';
import { parseRoute, type Route, routeHash } from './route.ts';

/** What is shown. */
export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Shows a route, as a new entry of the browser's history. */
export function go(next: Route): void {
  location.hash = routeHash(next);
}

/** Shows another symbol on the Floor, in the time frame that it has. */
export function goToSymbol(symbol: string): void {
  const shown = route.peek();
  go({ screen: 'floor', symbol, timeFrame: shown.screen === 'floor' ? shown.timeFrame : undefined });
}
