import { describe, expect, it } from 'vitest';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import {
  changedDraft,
  type Draft,
  draftTypes,
  emptyDraft,
  missingFields,
  termsOf,
  timeOf,
  timesFor,
} from './draft-values.ts';

const filled: Draft = {
  ...emptyDraft,
  quantity: '400',
  limitPrice: '180,5',
  stopPrice: '170',
  targetPrice: '190',
  trail: '1.5',
};

describe('termsOf', () => {
  it('reads a comma like a point', () => {
    expect(termsOf(filled, 'ACME')).toEqual([
      {
        symbol: 'ACME',
        side: Side.BUY,
        type: OrderType.LIMIT,
        timeInForce: TimeInForce.GTC,
        size: { case: 'quantity', value: '400' },
        limitPrice: '180.5',
      },
    ]);
  });

  it('has only the fields that go with the type', () => {
    const [stop] = termsOf({ ...filled, type: 'stop', postOnly: true }, 'ACME');
    expect(stop).toMatchObject({ type: OrderType.STOP, stopPrice: '170' });
    expect(Object.keys(stop ?? {})).not.toContain('limitPrice');
    expect(Object.keys(stop ?? {})).not.toContain('postOnly');
    const [worst] = termsOf({ ...filled, type: 'stop', worstPrice: '160' }, 'ACME');
    expect(worst).toMatchObject({ stopPrice: '170', limitPrice: '160' });
    const [, , trail] = termsOf({ ...filled, type: 'bracket', exitBy: 'trail', trailBy: 'price' }, 'ACME');
    expect(trail).toMatchObject({ type: OrderType.TRAILING_STOP, trail: { case: 'trailAmount', value: '1.5' } });
    expect(missingFields({ ...filled, type: 'OCO', exitBy: 'trail', trail: '', stopPrice: '' })).toEqual(['trail']);
    const iceberg = { ...filled, type: 'iceberg' as const, displayQuantity: '100', postOnly: true };
    expect(termsOf(iceberg, 'ACME')[0]).toMatchObject({ postOnly: true });
    expect(termsOf({ ...iceberg, timeInForce: 'AT_OPEN' }, 'ACME')[0]).not.toHaveProperty('postOnly');
    const [trailing] = termsOf({ ...filled, type: 'trailing' }, 'ACME');
    expect(trailing?.trail).toEqual({ case: 'trailPercent', value: '1.5' });
  });

  it('buys for an amount of cash at market', () => {
    const [order] = termsOf({ ...filled, type: 'market', sizedBy: 'cash' }, 'ACME');
    expect(order).toMatchObject({ size: { case: 'amount', value: '400' }, timeInForce: TimeInForce.IOC });
    const [sale] = termsOf({ ...filled, type: 'market', sizedBy: 'cash', side: 'sell' }, 'ACME');
    expect(sale?.size).toEqual({ case: 'quantity', value: '400' });
  });

  it('has the exits of a bracket on the other side', () => {
    const sides = termsOf({ ...filled, type: 'bracket' }, 'ACME').map(({ side, type }) => [side, type]);
    expect(sides).toEqual([
      [Side.BUY, OrderType.LIMIT],
      [Side.SELL, OrderType.LIMIT],
      [Side.SELL, OrderType.STOP],
    ]);
  });
});

describe('changedDraft', () => {
  it('never takes money for a price', () => {
    const money = { ...filled, type: 'bracket', exitsIn: 'money', targetPrice: '100', stopPrice: '50' } as const;
    for (const changes of [{ type: 'OCO' }, { exitBy: 'trail' }, { exitsIn: 'price' }] as const) {
      expect(changedDraft(money, changes)).toMatchObject({ exitsIn: 'price', targetPrice: '', stopPrice: '' });
    }
    expect(changedDraft(money, { quantity: '7' })).toEqual({ ...money, quantity: '7' });
    expect(changedDraft(filled, { type: 'OCO' }).targetPrice).toBe('190');
  });
});

describe('timeOf', () => {
  it('falls back to what goes with the type', () => {
    for (const type of draftTypes) expect(timesFor(type)).toContain(timeOf({ type, timeInForce: 'FOK' }));
    expect(timeOf({ type: 'stop', timeInForce: 'FOK' })).toBe('GTC');
    expect(timeOf({ type: 'market', timeInForce: 'GTC' })).toBe('IOC');
  });
});

describe('missingFields', () => {
  it('names what is empty', () => {
    expect(missingFields({ ...emptyDraft, type: 'bracket', quantity: '1' })).toEqual([
      'limitPrice',
      'targetPrice',
      'stopPrice',
    ]);
    expect(missingFields({ ...filled, type: 'bracket' })).toEqual([]);
  });
});
