import { describe, expect, it } from 'vitest';
import { OrderDraftError, parseOrderDraft, type RawOrder } from './order-draft.ts';

const market: RawOrder = {
  symbol: 'ACME',
  side: 'buy',
  type: 'market',
  timeInForce: '',
  size: { kind: 'quantity', value: '1.50' },
  limitPrice: '',
  postOnly: false,
};
const limit: RawOrder = { ...market, type: 'limit', limitPrice: '187.250', postOnly: true };

describe('parseOrderDraft', () => {
  it('brings decimals into one form', () => {
    expect(parseOrderDraft(market)).toEqual({ ...market, size: { kind: 'quantity', value: '1.5' } });
    expect(parseOrderDraft(limit).limitPrice).toBe('187.25');
    expect(parseOrderDraft({ ...market, size: { kind: 'amount', value: '100' } }).size.value).toBe('100.00');
  });

  it('names the invalid field', () => {
    const wrong: [string, RawOrder][] = [
      ['symbol', { ...market, symbol: 'acme' }],
      ['side', { ...market, side: undefined }],
      ['type', { ...market, type: undefined }],
      ['time_in_force', { ...market, timeInForce: undefined }],
      ['time_in_force', { ...market, timeInForce: 'gtc' }],
      ['quantity', { ...market, size: undefined }],
      ['quantity', { ...market, size: { kind: 'quantity', value: '-1' } }],
      ['quantity', { ...market, size: { kind: 'quantity', value: 'NaN' } }],
      ['amount', { ...market, side: 'sell', size: { kind: 'amount', value: '1' } }],
      ['limit_price', { ...market, limitPrice: '1' }],
      ['limit_price', { ...limit, limitPrice: '' }],
      ['post_only', { ...market, postOnly: true }],
      ['post_only', { ...limit, timeInForce: 'ioc' }],
    ];
    for (const [field, raw] of wrong) {
      expect(() => parseOrderDraft(raw)).toThrow(OrderDraftError);
      expect(() => parseOrderDraft(raw)).toThrow(expect.objectContaining({ field }));
    }
  });
});
