import { describe, expect, it } from 'vitest';
import { parseRoute, routeHash } from './route.ts';

describe('parseRoute', () => {
  it('reads symbol and time frame of the Floor', () => {
    expect(parseRoute('#/acme?tf=5m')).toEqual({ screen: 'floor', symbol: 'ACME', timeFrame: '5m' });
    expect(parseRoute('')).toEqual({ screen: 'floor', symbol: '', timeFrame: undefined });
    expect(parseRoute('#/ACME?tf=1m')).toMatchObject({ timeFrame: '1m' });
  });

  it('reads a screen and what follows', () => {
    expect(parseRoute('#/orders/0190-ab')).toEqual({ screen: 'orders', rest: '0190-ab' });
    expect(parseRoute('#/portfolio')).toEqual({ screen: 'portfolio', rest: '' });
  });

  it('shows the Floor where an address is damaged', () => {
    for (const hash of ['#/%E0%A4', '#/<script>', '#/ACME/../x?tf=9y'])
      expect(parseRoute(hash)).toMatchObject({ screen: 'floor', timeFrame: undefined });
    expect(parseRoute('#/<script>')).toMatchObject({ symbol: '' });
  });
});

describe('routeHash', () => {
  it('is read back by parseRoute', () => {
    for (const hash of ['#/ACME', '#/ACME?tf=1m', '#/ACME?tf=1d', '#/orders/a%20b', '#/inbox'])
      expect(routeHash(parseRoute(hash))).toBe(hash);
  });
});
