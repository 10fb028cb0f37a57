import { describe, expect, it } from 'vitest';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { termsOf } from './draft-terms.ts';
import { type Draft, emptyDraft } from './draft-values.ts';

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
