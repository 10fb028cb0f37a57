import { describe, expect, it } from 'vitest';
import { fingerprintOf, parseTerms, type RawTerms } from './terms.ts';

const limit: RawTerms = {
  symbol: 'ACME',
  side: 'buy',
  type: 'limit',
  timeInForce: 'unset',
  size: { kind: 'quantity', text: '1' },
  limitPrice: '10',
  postOnly: false,
};
const market: RawTerms = { ...limit, type: 'market', limitPrice: '' };

describe('parseTerms', () => {
  it('lets limit orders rest and market orders not, unless the terms say otherwise', () => {
    expect(parseTerms(limit).timeInForce).toBe('gtc');
    expect(parseTerms(market).timeInForce).toBe('ioc');
    expect(parseTerms({ ...market, timeInForce: 'fok' }).timeInForce).toBe('fok');
  });

  it.each([
    ['terms.symbol', { ...limit, symbol: 'acme' }],
    ['terms.side', { ...limit, side: 'unset' }],
    ['terms.type', { ...limit, type: 'unset' }],
    ['terms.type', { ...limit, type: 'other' }],
    ['terms.time_in_force', { ...limit, timeInForce: 'other' }],
    ['terms.time_in_force', { ...market, timeInForce: 'gtc' }],
    ['terms.limit_price', { ...limit, limitPrice: '' }],
    ['terms.limit_price', { ...limit, limitPrice: '0' }],
    ['terms.limit_price', { ...limit, limitPrice: '1.0000001' }],
    ['terms.limit_price', { ...market, limitPrice: '10' }],
    ['terms.quantity', { ...limit, size: undefined }],
    ['terms.quantity', { ...limit, size: { kind: 'quantity', text: '-1' } }],
    ['terms.quantity', { ...limit, size: { kind: 'quantity', text: 'NaN' } }],
    ['terms.amount', { ...limit, size: { kind: 'amount', text: '10' } }],
    ['terms.amount', { ...market, side: 'sell', size: { kind: 'amount', text: '10' } }],
    ['terms.amount', { ...market, size: { kind: 'amount', text: '10.001' } }],
    ['terms.post_only', { ...limit, timeInForce: 'ioc', postOnly: true }],
    ['terms.post_only', { ...market, postOnly: true }],
  ] as [string, RawTerms][])('names %s when it is not valid', (field, raw) => {
    expect(() => parseTerms(raw)).toThrow(expect.objectContaining({ name: 'TermsError', field }));
  });
});

describe('fingerprintOf', () => {
  const of = (raw: Partial<RawTerms>) => fingerprintOf(parseTerms({ ...limit, ...raw }));

  it('is equal for the same terms in other words', () => {
    const other = of({ size: { kind: 'quantity', text: '1.00' }, limitPrice: '10.0', timeInForce: 'gtc' });
    expect(other).toBe(of({}));
  });

  it('differs for anything that changes the order', () => {
    const changes: Partial<RawTerms>[] = [
      {},
      { symbol: 'ACM' },
      { side: 'sell' },
      { timeInForce: 'ioc' },
      { size: { kind: 'quantity', text: '2' } },
      { limitPrice: '11' },
      { postOnly: true },
      { type: 'market', limitPrice: '' },
      { type: 'market', limitPrice: '', size: { kind: 'amount', text: '1' } },
    ];
    expect(new Set(changes.map(of)).size).toBe(changes.length);
  });
});
