import { describe, expect, it } from 'vitest';
import type { OrderType, TimeInForce } from './order-kind.ts';
import type { RawSpecials } from './read-specials.ts';
import { fingerprintOf, parseTerms, type RawTerms } from './terms.ts';

const nothing: RawSpecials = {
  stopPrice: '',
  trail: undefined,
  displayQuantity: '',
  minimumQuantity: '',
  slide: false,
  expireTimeMs: undefined,
  selfTrade: 'unset',
  sessionId: '',
};

/** What each type needs beside a quantity. */
const needs: Record<OrderType, { limitPrice: string } & Partial<RawSpecials>> = {
  market: { limitPrice: '' },
  limit: { limitPrice: '10' },
  stop: { limitPrice: '', stopPrice: '9' },
  'stop-limit': { limitPrice: '10', stopPrice: '9' },
  'trailing-stop': { limitPrice: '', trail: { kind: 'amount', text: '0.5' } },
  iceberg: { limitPrice: '10', displayQuantity: '1' },
};
const types = Object.keys(needs) as OrderType[];

/** Terms of a type, as it needs them but for what is stated. */
function termsOf(type: OrderType, more: Partial<RawTerms> = {}, specials: Partial<RawSpecials> = {}): RawTerms {
  const { limitPrice, ...needed } = needs[type];
  const expireTimeMs = more.timeInForce === 'gtd' ? 1_800_000_000_000 : undefined;
  return {
    symbol: 'ACME',
    side: 'sell',
    type,
    timeInForce: 'unset',
    size: { kind: 'quantity', text: '3' },
    limitPrice,
    postOnly: false,
    specials: { ...nothing, expireTimeMs, ...needed, ...specials },
    ...more,
  };
}

/** The field that the terms are refused for; `taken` when they are not. */
function fieldOf(raw: RawTerms): string {
  try {
    parseTerms(raw);
    return 'taken';
  } catch (error) {
    return (error as { field: string }).field;
  }
}

/** The types that take a term, by what the others are refused for. */
function takenBy(stated: (type: OrderType) => RawTerms, field: string): OrderType[] {
  const taken = types.filter((type) => fieldOf(stated(type)) === 'taken');
  for (const type of types) if (!taken.includes(type)) expect(fieldOf(stated(type))).toBe(field);
  return taken;
}

describe('terms that only some kinds of order state', () => {
  it('are taken by their types alone', () => {
    const stops = takenBy((type) => termsOf(type, {}, { stopPrice: '9' }), 'terms.stop_price');
    expect(stops).toEqual(['stop', 'stop-limit']);
    const trail = { kind: 'percent', text: '1.5' } as const;
    expect(takenBy((type) => termsOf(type, {}, { trail }), 'terms.trail_percent')).toEqual(['trailing-stop']);
    const shown = takenBy((type) => termsOf(type, {}, { displayQuantity: '1' }), 'terms.display_quantity');
    expect(shown).toEqual(['iceberg']);
    const minimum = takenBy((type) => termsOf(type, {}, { minimumQuantity: '1' }), 'terms.minimum_quantity');
    expect(minimum).toEqual(['limit']);
    expect(takenBy((type) => termsOf(type, { postOnly: true }), 'terms.post_only')).toEqual(['limit', 'iceberg']);
    expect(takenBy((type) => termsOf(type, {}, { selfTrade: 'decrement' }), '')).toEqual(types);
  });

  it('are missed by name', () => {
    expect(fieldOf(termsOf('stop', {}, { stopPrice: '' }))).toBe('terms.stop_price');
    expect(fieldOf(termsOf('stop-limit', {}, { stopPrice: '' }))).toBe('terms.stop_price');
    expect(fieldOf(termsOf('trailing-stop', {}, { trail: undefined }))).toBe('terms.trail_amount');
    expect(fieldOf(termsOf('iceberg', {}, { displayQuantity: '' }))).toBe('terms.display_quantity');
    for (const type of ['stop', 'stop-limit', 'trailing-stop', 'iceberg'] as const) {
      expect(fieldOf(termsOf(type, { specials: undefined }))).not.toBe('taken');
    }
    expect(fieldOf(termsOf('limit', { timeInForce: 'gtd', specials: undefined }))).toBe('terms.expire_time');
  });

  it('go with a time in force, and some with no other', () => {
    const timesOf = (stated: (timeInForce: TimeInForce) => RawTerms) =>
      (['gtc', 'day', 'gtd', 'ioc', 'fok', 'at-open', 'at-close'] as const).filter(
        (timeInForce) => fieldOf(stated(timeInForce)) === 'taken',
      );
    expect(timesOf((timeInForce) => termsOf('limit', { timeInForce, postOnly: true }))).toEqual(['gtc', 'day', 'gtd']);
    const minimumQuantity = '2';
    expect(timesOf((timeInForce) => termsOf('limit', { timeInForce }, { minimumQuantity }))).toEqual([
      ...['gtc', 'day', 'gtd', 'ioc'],
    ]);
    expect(timesOf((timeInForce) => termsOf('limit', { timeInForce }, { expireTimeMs: 5 }))).toEqual(['gtd']);
  });

  it.each([
    ['terms.trail_percent', termsOf('trailing-stop', {}, { trail: { kind: 'percent', text: '0' } })],
    ['terms.trail_percent', termsOf('trailing-stop', {}, { trail: { kind: 'percent', text: '0.001' } })],
    ['terms.trail_percent', termsOf('trailing-stop', {}, { trail: { kind: 'percent', text: '100' } })],
    ['terms.trail_amount', termsOf('trailing-stop', {}, { trail: { kind: 'amount', text: '-1' } })],
    ['terms.stop_price', termsOf('stop', {}, { stopPrice: '0' })],
    ['terms.slide', termsOf('limit', {}, { slide: true })],
    ['terms.minimum_quantity', termsOf('limit', { postOnly: true }, { minimumQuantity: '1' })],
    ['terms.expire_time', termsOf('limit', { timeInForce: 'gtd' }, { expireTimeMs: Number.NaN })],
    ['terms.expire_time', termsOf('limit', { timeInForce: 'gtd' }, { expireTimeMs: 0 })],
    ['terms.expire_time', termsOf('limit', { timeInForce: 'gtd' }, { expireTimeMs: 253_402_300_800_000 })],
    ['terms.self_trade_prevention', termsOf('limit', {}, { selfTrade: 'other' })],
    ['terms.amount', termsOf('stop', { side: 'buy', size: { kind: 'amount', text: '5' } })],
    ['terms.limit_price', termsOf('stop-limit', { limitPrice: '' })],
    ['terms.limit_price', termsOf('iceberg', { limitPrice: '' })],
  ])('name %s when it is not valid', (field, raw) => {
    expect(fieldOf(raw)).toBe(field);
  });

  it('leave the worst price of stops to the service unless it is stated', () => {
    for (const type of ['stop', 'trailing-stop'] as const) {
      expect(parseTerms(termsOf(type)).limitPriceMicros).toBeUndefined();
      expect(parseTerms(termsOf(type, { limitPrice: '8.5' })).limitPriceMicros).toBe(8_500_000n);
    }
  });
});

describe('fingerprintOf', () => {
  it('is that of the first release for plain orders, whose keys are still there', () => {
    const plain = fingerprintOf(parseTerms(termsOf('limit', { specials: undefined, postOnly: true })));
    expect(plain).toBe('1|ACME|sell|limit|gtc|q3000000|10000000|post');
    const market = { size: { kind: 'amount', text: '7' }, side: 'buy', specials: undefined } as const;
    expect(fingerprintOf(parseTerms(termsOf('market', market)))).toBe('1|ACME|buy|market|ioc|a700||');
    const newest = fingerprintOf(parseTerms(termsOf('limit', { postOnly: true }, { selfTrade: 'cancel-newest' })));
    expect(newest).toBe(plain);
  });

  it('is equal for the same special terms in other words, and different for anything that changes the order', () => {
    const of = (...given: Parameters<typeof termsOf>) => fingerprintOf(parseTerms(termsOf(...given)));
    const percent = (text: string) => ({ trail: { kind: 'percent', text } }) as const;
    expect(of('stop', {}, { stopPrice: '9.00' })).toBe(of('stop'));
    expect(of('trailing-stop', {}, percent('1.50'))).toBe(of('trailing-stop', {}, percent('1.5')));
    expect(of('iceberg', {}, { displayQuantity: '1.0' })).toBe(of('iceberg'));
    const different = [
      ...types.map((type) => of(type)),
      of('stop', {}, { stopPrice: '9.01' }),
      of('stop', { limitPrice: '8' }),
      of('stop', { timeInForce: 'day' }),
      of('stop', { timeInForce: 'gtd' }),
      of('stop', { timeInForce: 'gtd' }, { expireTimeMs: 1_800_000_000_001 }),
      of('trailing-stop', {}, percent('0.5')),
      of('trailing-stop', {}, { trail: { kind: 'amount', text: '0.51' } }),
      of('iceberg', {}, { displayQuantity: '2' }),
      of('limit', {}, { minimumQuantity: '1' }),
      of('limit', {}, { minimumQuantity: '2' }),
      of('limit', { postOnly: true }),
      of('limit', { postOnly: true }, { slide: true }),
      of('limit', {}, { selfTrade: 'cancel-oldest' }),
      of('limit', {}, { selfTrade: 'decrement' }),
      of('limit', { timeInForce: 'at-open' }),
      of('limit', { timeInForce: 'at-close' }),
    ];
    expect(new Set(different).size).toBe(different.length);
  });
});
