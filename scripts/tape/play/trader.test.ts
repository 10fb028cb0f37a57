import type { JsonObject } from '@bufbuild/protobuf';
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

type ChangeJson = { cancels: JsonObject[]; placings: { clientOrderId: string }[] };

/** A trader whose calls are noted, cancels behind a minus; `statusOf` is the state in which an order is answered, undefined: it is not answered this time. */
function start(statusOf: (key: string) => string | undefined = () => 'OPEN') {
  const noted: string[] = [];
  const call: Call = (_method, { changes }) => {
    const results = (changes as ChangeJson[]).map(({ cancels, placings }) => {
      const names = cancels.map(({ orderId, clientOrderId }) => `-${orderId ?? clientOrderId}`);
      noted.push([...names, ...placings.map(({ clientOrderId }) => clientOrderId)].join(' '));
      return {
        cancels: cancels.map(() => ({ order: {} })),
        placings: placings.map(({ clientOrderId }) => {
          const status = statusOf(clientOrderId);
          if (status === undefined) return { error: { code: 14 } };
          const createTime = new Date(timeMs).toISOString();
          return { order: { orderId: `id-${clientOrderId.slice(8)}`, status: `ORDER_STATUS_${status}`, createTime } };
        }),
      };
    });
    return Promise.resolve({ results });
  };
  const trader = createTapeTrader({ maker: call, taker: call }, 'id', new AbortController().signal);
  return { trader, noted };
}

describe('createTapeTrader', () => {
  it('cancels by id what it has placed, and by key what the same call places', async () => {
    const { trader, noted } = start();
    const [first, second, third] = [order('2:bid', 'buy', 50n), order('3:bid', 'buy', 51n), order('4:bid', 'buy', 52n)];
    await trader.carryOut([[step({ make: [first] })]], timeMs);
    await trader.carryOut(
      [[step({ cancel: [first], make: [second] })], [step({ cancel: [second], make: [third] })]],
      timeMs,
    );
    expect(noted).toEqual(['tape:id:2:bid', '-id-2:bid tape:id:3:bid', '-tape:id:3:bid tape:id:4:bid']);
    expect(trader.counts).toMatchObject({ placed: 3, offTime: 0 });
  });

  it('cancels what a trade has left, and nothing of one that was whole', async () => {
    const traded = [step({ make: [order('2:make', 'sell', 50n)], take: [order('2:take', 'buy', 50n)] })];
    const [made, taken] = [...(traded[0]?.make ?? []), ...(traded[0]?.take ?? [])];
    const waves = [traded.map((one) => ({ ...one, brief: [made, taken].filter((each) => each !== undefined) }))];
    const whole = start((key) => (key.endsWith('take') ? 'FILLED' : 'OPEN'));
    await whole.trader.carryOut(waves, timeMs);
    expect(whole.noted).toEqual(['tape:id:2:make', 'tape:id:2:take', '-id-2:make']);
    const inPart = start(() => 'PARTIALLY_FILLED');
    await inPart.trader.carryOut(waves, timeMs);
    expect(inPart.noted).toEqual(['tape:id:2:make', 'tape:id:2:take', '-id-2:take', '-id-2:make']);
  });

  it('repeats a call whose orders are not all answered, and counts each once', async () => {
    let calls = 0;
    const { trader, noted } = start(() => (++calls === 1 ? undefined : 'OPEN'));
    await trader.carryOut([[step({ make: [order('2:bid', 'buy', 50n)] })]], timeMs);
    expect(noted).toEqual(['tape:id:2:bid', 'tape:id:2:bid']);
    expect(trader.counts).toEqual({ placed: 1, refused: new Map(), offTime: 0 });
  });
});
