import { describe, expect, it } from 'vitest';
import { isFinal, laterOf, type Order, orderText, statusText } from './order.ts';

const order = (fields: Partial<Order>): Order => ({
  orderId: '01a1',
  symbol: 'ACME',
  side: 'SIDE_BUY',
  type: 'ORDER_TYPE_MARKET',
  quantity: '1000',
  limitPrice: '196.49',
  filledQuantity: '0',
  status: 'ORDER_STATUS_PENDING',
  version: '9',
  ...fields,
});

describe('laterOf', () => {
  it('takes the later version, by number', () => {
    const later = order({ version: '10' });
    expect(laterOf(later, order({}))).toBe(later);
    expect(laterOf(order({}), later)).toBe(later);
    expect(laterOf(undefined, later)).toBe(later);
  });
});

describe('orderText', () => {
  it('states a fill with its price and fee, and no limit that the user did not set', () => {
    const filled = { filledQuantity: '1000', averageFillPrice: '187.14', fees: '93.57', status: 'ORDER_STATUS_FILLED' };
    expect(orderText(order(filled))).toBe('Buy 1,000 ACME at market: filled 1,000 at 187.14, fee 93.57.');
  });

  it('states the status of an order', () => {
    const limit = { side: 'SIDE_SELL', type: 'ORDER_TYPE_LIMIT', status: 'ORDER_STATUS_OPEN' };
    expect(orderText(order(limit))).toBe('Sell 1,000 ACME at 196.49: open.');
    const partly = { status: 'ORDER_STATUS_CANCELLED', filledQuantity: '4', averageFillPrice: '187.14', fees: '0.38' };
    expect(orderText(order(partly))).toBe('Buy 1,000 ACME at market: cancelled, filled 4 at 187.14, fee 0.38.');
  });

  it('states a refusal with its numbers', () => {
    const refusal = { reason: 'ERROR_REASON_CASH_INSUFFICIENT', metadata: { needed: '10.00', available: '1.00' } };
    const text = orderText(order({ status: 'ORDER_STATUS_REJECTED', refusal }));
    expect(text).toBe('Buy 1,000 ACME at market: refused. Cash insufficient (needed 10.00, available 1.00).');
  });
});

describe('statusText', () => {
  it('says that an order is being cancelled until it ended', () => {
    expect(statusText(order({ cancelRequested: true }))).toBe('cancelling');
    const ended = order({ cancelRequested: true, status: 'ORDER_STATUS_CANCELLED' });
    expect([statusText(ended), isFinal(ended)]).toEqual(['cancelled', true]);
  });
});
