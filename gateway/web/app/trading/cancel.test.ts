import { Code, ConnectError } from '@connectrpc/connect';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const cancelOrdersCall = vi.fn();
const cancelAllOrdersCall = vi.fn();
const taken: unknown[] = [];
let person = new AbortController();
vi.mock('../rpc/session.ts', () => ({ personSignal: () => person.signal }));
vi.mock('../rpc/clients.ts', () => ({
  orders: { cancelOrders: cancelOrdersCall, cancelAllOrders: cancelAllOrdersCall },
}));
vi.mock('../store/own-orders.ts', () => ({ takeOrder: (order: unknown) => taken.push(order) }));

const { closeNotices, notice } = await import('../frame/notices.ts');
const { cancelAll, cancelling, cancelOrders } = await import('./cancel.ts');

const order = (value: unknown) => ({ outcome: { case: 'order', value } });
const refused = { outcome: { case: 'error', value: { message: 'the order is final' } } };
const lost = new ConnectError('gone', Code.Unavailable);

beforeEach(() => {
  vi.useFakeTimers();
  closeNotices();
  taken.length = 0;
  return () => void vi.useRealTimers();
});

describe('cancelOrders', () => {
  it('shows what was not cancelled, also where the others were', async () => {
    cancelOrdersCall.mockResolvedValueOnce({ results: [refused] });
    await cancelOrders([{ orderId: 'a' }]);
    expect(notice.value).toBe('Not cancelled: The order is final.');
    cancelOrdersCall.mockResolvedValueOnce({ results: [order('b'), refused] });
    await cancelOrders([{ orderId: 'b' }, { orderId: 'c' }]);
    expect(notice.value).toBe('1 of 2 orders cancelled. The others: The order is final.');
    expect(taken).toEqual(['b']);
  });

  it('is under way until its outcome is known', async () => {
    cancelOrdersCall.mockRejectedValueOnce(lost).mockResolvedValueOnce({ results: [order('a')] });
    const done = cancelOrders([{ orderId: 'a' }]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notice.value).toMatch(/^No answer yet: cancel of an order/);
    expect([...cancelling.value]).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(2_000);
    await done;
    expect(cancelling.value.size).toBe(0);
    expect(taken).toEqual(['a']);
  });

  it('shows nothing of the outcome to the next person', async () => {
    const answered = Promise.withResolvers();
    cancelOrdersCall.mockReturnValueOnce(answered.promise);
    const done = cancelOrders([{ orderId: 'a' }, { orderId: 'b' }]);
    person.abort();
    person = new AbortController();
    answered.resolve({ results: [order('a'), refused] });
    await done;
    expect([notice.value, taken]).toEqual(['', []]);
  });
});

describe('cancelAll', () => {
  it('repeats under one key, and shows that its outcome is not known', async () => {
    cancelAllOrdersCall.mockRejectedValue(lost);
    const done = cancelAll('ACME');
    await vi.advanceTimersByTimeAsync(20_000);
    await done;
    const keys = cancelAllOrdersCall.mock.calls.map(([{ idempotencyKey }]) => idempotencyKey);
    expect(keys).toHaveLength(6);
    expect(new Set(keys).size).toBe(1);
    expect(notice.value).toMatch(/^It is not known what became of this: cancel of all orders of ACME/);
  });
});
