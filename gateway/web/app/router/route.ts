/** Addresses of the app: what the part after `#` shows. */

/** The screens beside the Floor, by the first part of their address. */
export const screenNames = [
  'portfolio',
  'orders',
  'money',
  'automation',
  'inbox',
  'settings',
  'operations',
  'admin',
] as const;

/** A screen beside the Floor. */
export type ScreenName = (typeof screenNames)[number];

/** Time frames of the chart. */
export const timeFrames = ['1s', '1m', '5m', '15m', '1h', '1d'] as const;

/** A time frame of the chart. */
export type TimeFrame = (typeof timeFrames)[number];

/** What an address shows: the Floor with a symbol, in a time frame where it names one, or a screen with what follows its name, such as an id. */
export type Route =
  | { screen: 'floor'; symbol: string; timeFrame: TimeFrame | undefined }
  | { screen: ScreenName; rest: string };

const symbolPattern = /^[A-Z0-9.]{1,12}$/;

/** What `#/ACME?tf=1m` or `#/orders/ID` shows; the Floor for anything else. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [first = '', ...rest] = path.split('/');
  const name = screenNames.find((screen) => screen === first);
  if (name !== undefined) return { screen: name, rest: decoded(rest.join('/')) };
  const symbol = decoded(first).toUpperCase();
  const wanted = new URLSearchParams(query).get('tf');
  return {
    screen: 'floor',
    symbol: symbolPattern.test(symbol) ? symbol : '',
    timeFrame: timeFrames.find((frame) => frame === wanted),
  };
}

/** The address of a route. */
export function routeHash(route: Route): string {
  if (route.screen !== 'floor')
    return `#/${route.screen}${route.rest === '' ? '' : `/${encodeURIComponent(route.rest)}`}`;
  return `#/${route.symbol}${route.timeFrame === undefined ? '' : `?tf=${route.timeFrame}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
