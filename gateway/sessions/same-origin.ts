/** Whether a request comes from a page of this very gateway. */

/**
 * By `sec-fetch-site`, which scripts cannot set; where a browser has none, as over plain HTTP to another machine, by `origin`, which it sends
 * with every POST. A request with neither comes from no page.
 */
export function isSameOrigin(header: Headers, host: string): boolean {
  const site = header.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = header.get('origin');
  return origin !== null && URL.canParse(origin) && new URL(origin).host === host;
}
