import { describe, expect, it } from 'vitest';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { filterRequest, noFilter, stateFilters } from './order-filter.ts';

describe('filterRequest', () => {
  it('asks for all where nothing is chosen', () => {
    expect(filterRequest(noFilter)).toEqual({ statuses: [], side: Side.UNSPECIFIED, symbol: '' });
  });

  it('takes a symbol in any case', () => {
    const request = filterRequest({ state: 'refused', side: 'sell', symbol: ' acme ' });
    expect(request).toEqual({ statuses: [OrderStatus.REJECTED], side: Side.SELL, symbol: 'ACME' });
  });

  it('has each status in one state', () => {
    const statuses = stateFilters.flatMap((state): OrderStatus[] => [...state.statuses]);
    const all = Object.values(OrderStatus).filter((status) => typeof status === 'number' && status !== 0);
    expect(statuses.toSorted()).toEqual(all.toSorted());
  });
});
