import { describe, expect, it } from 'vitest';
import { uuidV7Of } from '#platform/ids/uuid-v7.ts';
import type { OrderEvent } from '../domain/exchange-event.ts';
import { Findings } from '../domain/finding.ts';
import { idOf, symbol, timeMs } from '../testing/history.ts';
import { rowOf } from '../testing/row-of.ts';
import type { PassContext } from './context.ts';
import { orderMessages, wasEndedByItsOwnService } from './order-messages.ts';

const orderId = idOf('bbbb', 1);
const context = { findings: new Findings(1), nowMs: () => Number(timeMs) } as unknown as PassContext;
const resting = { state: 'open', house: 'false', type: 'limit', time_in_force: 'gtc', by_amount: 'false' };
const accepted: OrderEvent = {
  ...{ kind: 'accepted', sequence: 1n, orderId, accountId: 'a', symbol, side: 'buy', priceTicks: 9n, lots: 3n, timeMs },
};

function messagesOf(values: Record<string, string>, events: OrderEvent[] = [accepted]): string[] {
  const orders = new Map([[orderId, rowOf(orderId, values)]]);
  return orderMessages(context, { events, ended: [], orders }).map(({ eventId }) => eventId);
}

describe('orderMessages', () => {
  it('has one of an order that rests or waits, and of none that trades at once or is of the house', () => {
    const opened = [uuidV7Of(Number(timeMs), `${orderId} opened`)];
    expect(messagesOf(resting)).toEqual(opened);
    expect(messagesOf({ ...resting, type: 'stop' })).toEqual(opened);
    const others: Record<string, string>[] = [
      { house: 'true' },
      { state: 'cancelled' },
      { type: 'market' },
      { time_in_force: 'ioc' },
      { by_amount: 'true' },
      { trigger_time_ms: '5' },
    ];
    for (const other of others) expect(messagesOf({ ...resting, ...other })).toEqual([]);
  });

  it('has one for each person whose order was filled, while receipts of its time are stored', () => {
    const side = { orderId, accountId: 'a', side: 'buy', remainingLots: 0n } as const;
    const trade: OrderEvent = {
      ...{ kind: 'traded', sequence: 2n, tradeId: '0-7', symbol, priceTicks: 9n, lots: 3n },
      ...{ maker: side, taker: { ...side, orderId: idOf('bbbb', 2) }, timeMs },
    };
    expect(messagesOf(resting, [trade])).toEqual([uuidV7Of(Number(timeMs), `${orderId} 0-7`)]);
    expect(messagesOf(resting, [{ ...trade, timeMs: timeMs - 20n * 3_600_000n }])).toEqual([]);
  });
});

describe('wasEndedByItsOwnService', () => {
  it('is of what was refused after it was stored, and not of what was refused as it came or ended by the feed', () => {
    const rejected = { state: 'rejected', final_position: '', compensated: 'false' };
    const was = (values: Record<string, string>) => wasEndedByItsOwnService(rowOf(orderId, { ...rejected, ...values }));
    expect(was({ version: '2' })).toBe(true);
    expect(was({ version: '2', final_position: '9', compensated: 'true' })).toBe(true);
    expect(was({ version: '1' })).toBe(false);
    expect(was({ version: '2', final_position: '9' })).toBe(false);
    expect(was({ version: '3', state: 'cancelled', final_position: '9' })).toBe(false);
  });
});
