import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallError } from './call-error.ts';
import type { Order } from './order.ts';
import { type Attempt, createPlacer } from './place-order.ts';

const terms = { symbol: 'ACME', side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', quantity: '10' };
const order = (orderId: string, status: string, version: string): Order => ({ ...terms, orderId, status, version });
const away = new CallError({ code: 'unavailable', message: 'away' });
const open = new AbortController().signal;

describe('createPlacer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A placer whose calls answer or fail with these, one after the other. */
  function placerOf(...outcomes: (Order | CallError)[]) {
    const sent: Attempt[] = [];
    const placer = createPlacer(async (attempt) => {
      sent.push(attempt);
      const outcome = outcomes[Math.min(sent.length, outcomes.length) - 1];
      if (outcome instanceof CallError || outcome === undefined) throw outcome;
      return outcome;
    });
    return { placer, sent };
  }

  it('sends the same order again under the same key while its outcome is unknown', async () => {
    const { placer, sent } = placerOf(away, away, order('1', 'ORDER_STATUS_OPEN', '2'));
    const onRetry = vi.fn();
    const placing = placer.place(terms, open, onRetry);
    await vi.advanceTimersByTimeAsync(4_000);
    expect((await placing).orderId).toBe('1');
    expect(onRetry).toHaveBeenCalledTimes(2);
    expect(new Set(sent.map(({ clientOrderId }) => clientOrderId)).size).toBe(1);
  });

  it('gives up after six calls, and goes on under the same key when asked for the same', async () => {
    const { placer, sent } = placerOf(away);
    for (let count = 0; count < 2; count++) {
      const placing = placer.place({ ...terms }, open, () => {});
      const refused = expect(placing).rejects.toBe(away);
      await vi.advanceTimersByTimeAsync(20_000);
      await refused;
    }
    expect(sent.length).toBe(12);
    expect(new Set(sent.map(({ clientOrderId }) => clientOrderId)).size).toBe(1);
    const other = placer.place({ ...terms, quantity: '11' }, open, () => {});
    other.catch(() => {});
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent.at(-1)?.clientOrderId).not.toBe(sent[0]?.clientOrderId);
  });

  it('makes a new order of each press once the outcome is known, refusals too', async () => {
    const refusal = new CallError({ code: 'failed_precondition', message: 'no', reason: 'CASH_INSUFFICIENT' });
    const { placer, sent } = placerOf(
      refusal,
      order('2', 'ORDER_STATUS_OPEN', '2'),
      order('3', 'ORDER_STATUS_OPEN', '2'),
    );
    await expect(placer.place(terms, open, () => {})).rejects.toBe(refusal);
    await placer.place(terms, open, () => {});
    await placer.place(terms, open, () => {});
    expect(new Set(sent.map(({ clientOrderId }) => clientOrderId)).size).toBe(3);
  });

  it('includes a fill that was received before the call was answered', async () => {
    const { placer } = placerOf(order('1', 'ORDER_STATUS_OPEN', '2'));
    const placing = placer.place(terms, open, () => {});
    expect(placer.update(order('1', 'ORDER_STATUS_FILLED', '4'))).toBeUndefined();
    placer.update(order('0', 'ORDER_STATUS_FILLED', '9'));
    expect((await placing).status).toBe('ORDER_STATUS_FILLED');
  });

  it('follows the last order until it is forgotten', async () => {
    const { placer } = placerOf(order('1', 'ORDER_STATUS_OPEN', '2'));
    await placer.place(terms, open, () => {});
    expect(placer.update(order('0', 'ORDER_STATUS_FILLED', '9'))).toBeUndefined();
    expect(placer.update(order('1', 'ORDER_STATUS_FILLED', '4'))?.status).toBe('ORDER_STATUS_FILLED');
    expect(placer.update(order('1', 'ORDER_STATUS_OPEN', '3'))?.status).toBe('ORDER_STATUS_FILLED');
    placer.forget();
    expect(placer.update(order('1', 'ORDER_STATUS_FILLED', '5'))).toBeUndefined();
  });
});
