import { describe, expect, it } from 'vitest';
import type { Call } from '../session.ts';
import type { PlannedOrder, Step } from './plan.ts';
import { createTapeTrader } from './trader.ts';

const timeMs = Date.parse('2026-03-10T10:00:00Z');

const order = (key: string, side: 'buy' | 'sell', price: bigint): PlannedOrder => ({
  ...{ key, side, trader: key.includes('take') ? 'taker' : 'maker', symbol: 'A' },
  level: { price: price * 1_000_000n, quantity: 1_000_000n },
});
const step = (parts: Partial<Step>): Step => ({ cancel: [], make: [], take: [], brief: [], ...parts });

/** A trader whose calls are noted when they begin, and when they end, a turn of the event loop later. */
function start() {
  const noted: string[] = [];
  const call: Call = async (method, { orders, orderIds }) => {
    const keys = (orders as { clientOrderId: string }[] | undefined)?.map(({ clientOrderId }) =>
      clientOrderId.slice(8),
    );
    const name = `${method.split('/')[1]} ${(keys ?? (orderIds as string[])).join(' ')}`;
    noted.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    noted.push(`done ${name}`);
    const createTime = new Date(timeMs).toISOString();
    const ids = keys ?? (orderIds as string[]);
    return { results: ids.map((orderId) => ({ order: { orderId, status: 'ORDER_STATUS_OPEN', createTime } })) };
  };
  const trader = createTapeTrader({ maker: call, taker: call }, 'id', new AbortController().signal);
  return { trader, noted };
}

describe('createTapeTrader', () => {
  it('cancels what is replaced while it places what would not trade with that', async () => {
    const { trader, noted } = start();
    const old = order('2:bid', 'buy', 50n);
    await trader.carryOut([[step({ make: [old] })]], timeMs);
    noted.length = 0;
    await trader.carryOut([[step({ cancel: [old], make: [order('3:bid', 'buy', 51n)] })]], timeMs);
    expect(noted.slice(0, 2)).toEqual(['CancelOrders 2:bid', 'PlaceOrders 3:bid']);
  });

  it('cancels first what a new order would trade with, and what is left of a wave before the next one', async () => {
    const { trader, noted } = start();
    const make = order('2:make', 'sell', 50n);
    const take = order('2:take', 'buy', 50n);
    const waves = [
      [step({ make: [make], take: [take], brief: [take, make] })],
      [step({ make: [order('3:bid', 'buy', 50n)] })],
    ];
    await trader.carryOut(waves, timeMs);
    expect(noted.filter((what) => !what.startsWith('done'))).toEqual([
      ...['PlaceOrders 2:make', 'PlaceOrders 2:take'],
      ...['CancelOrders 2:make', 'CancelOrders 2:take', 'PlaceOrders 3:bid'],
    ]);
    expect(noted.indexOf('PlaceOrders 3:bid')).toBeGreaterThan(noted.indexOf('done CancelOrders 2:make'));
    expect(trader.counts).toMatchObject({ placed: 3, offTime: 0 });
  });
});
