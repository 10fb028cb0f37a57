import { describe, expect, it } from 'vitest';
import { sampleOrder } from '../domain/testing/sample-order.ts';
import { endedEvents, openedEvents } from './published.ts';

describe('the events of an order', () => {
  it('have the ids of before when a change that the database lost is applied again, and no two facts have one', () => {
    const order = sampleOrder({ state: 'open', updateTimeMs: 1_796_000_000_000 });
    const idsOf = () => [...openedEvents(order), ...endedEvents(order)].map(({ id }) => id);
    expect(idsOf()).toEqual(idsOf());
    expect(new Set(idsOf()).size).toBe(2);
    expect(openedEvents({ ...order, orderId: order.accountId })[0]?.id).not.toBe(idsOf()[0]);
  });
});
