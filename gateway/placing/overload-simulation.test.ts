/** The queue before an order service of a given speed, in simulated time. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlaceOrdersRequestSchema, PlaceOrdersResponseSchema } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderQueue, type SendGroup } from './order-queue.ts';

const order = new Uint8Array();

/** Takes `perSecond` orders a second, one after the other, and answers each when it is done. `pause` makes it do nothing for a time. */
function createSlowOrders(perSecond: number) {
  let freeMs = 0;
  const send: SendGroup = async function* (request) {
    const { items } = fromBinary(PlaceOrdersRequestSchema, request);
    const doneMs = items.map(() => {
      freeMs = Math.max(freeMs, performance.now()) + 1_000 / perSecond;
      return freeMs;
    });
    for (const [index, timeMs] of doneMs.entries()) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, timeMs - performance.now())));
      const results = [{ index, outcome: { case: 'response' as const, value: {} } }];
      yield toBinary(PlaceOrdersResponseSchema, create(PlaceOrdersResponseSchema, { results }));
    }
  };
  const pause = (durationMs: number) => {
    freeMs = Math.max(freeMs, performance.now()) + durationMs;
  };
  return { send, pause };
}

type Outcome = { atMs: number; tookMs: number; kind: 'placed' | 'refused' | 'late' };

/** Offers orders at a steady rate for the time and gives the outcome of each. */
async function offer(queue: OrderQueue, options: { perSecond: number; durationMs: number; timeoutMs: number }) {
  const outcomes: Outcome[] = [];
  const startMs = performance.now();
  for (let count = 0; performance.now() - startMs < options.durationMs; count += 1) {
    const dueMs = startMs + (count * 1_000) / options.perSecond;
    if (dueMs > performance.now()) await vi.advanceTimersByTimeAsync(Math.ceil(dueMs - performance.now()));
    const sentMs = performance.now();
    const deadlineTimeMs = Date.now() + options.timeoutMs;
    const note = (kind: Outcome['kind']) => {
      const tookMs = performance.now() - sentMs;
      outcomes.push({ atMs: performance.now() - startMs, tookMs, kind: tookMs > options.timeoutMs ? 'late' : kind });
    };
    const placed = queue.place(
      { order, userToken: '', traceparent: '', requestId: '', deadlineTimeMs, isOver: false },
      { isResent: false },
    );
    placed.then(
      () => note('placed'),
      () => note('refused'),
    );
  }
  await vi.advanceTimersByTimeAsync(options.timeoutMs);
  return outcomes;
}

const countOf = (outcomes: Outcome[], kind: Outcome['kind']) => outcomes.filter((one) => one.kind === kind).length;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an order service that is offered twice what it can do', () => {
  it.each([50, 500, 3_000])(
    'goes on at its full rate of %d orders a second, and the others are refused at once',
    async (rate) => {
      const queue = new OrderQueue(createSlowOrders(rate).send);
      const durationMs = 10_000;
      const outcomes = await offer(queue, { perSecond: 2 * rate, durationMs, timeoutMs: 10_000 });
      const inTime = outcomes.filter(({ kind, atMs }) => kind === 'placed' && atMs <= durationMs);
      expect(inTime.length).toBeGreaterThan(0.9 * rate * (durationMs / 1_000));
      const refusedMs = outcomes.filter(({ kind }) => kind === 'refused').map(({ tookMs }) => tookMs);
      expect(Math.max(...refusedMs)).toBeLessThan(10);
      expect(countOf(outcomes, 'late')).toBe(0);
      const placedMs = outcomes.filter(({ kind }) => kind === 'placed').map(({ tookMs }) => tookMs);
      expect(Math.max(...placedMs)).toBeLessThan(5_000);
      expect(outcomes.length).toBeGreaterThan(1.95 * rate * (durationMs / 1_000));
    },
    60_000,
  );

  it('works on few that are late, however short their time', async () => {
    const queue = new OrderQueue(createSlowOrders(500).send);
    const outcomes = await offer(queue, { perSecond: 1_000, durationMs: 10_000, timeoutMs: 1_000 });
    expect(countOf(outcomes, 'placed')).toBeGreaterThan(0.9 * 5_000);
    expect(countOf(outcomes, 'late')).toBeLessThan(0.1 * 5_000);
  }, 60_000);
});

describe('an order service that has a burst or a pause', () => {
  it('loses nothing of a burst that it can do in a second', async () => {
    const queue = new OrderQueue(createSlowOrders(1_000).send);
    const outcomes = await offer(queue, { perSecond: 100_000, durationMs: 8, timeoutMs: 10_000 });
    expect(outcomes.length).toBeGreaterThan(500);
    expect(countOf(outcomes, 'placed')).toBe(outcomes.length);
  });

  it('loses nothing when it stops for half a second', async () => {
    const { send, pause } = createSlowOrders(1_000);
    const queue = new OrderQueue(send);
    setTimeout(() => pause(500), 2_000);
    const outcomes = await offer(queue, { perSecond: 500, durationMs: 5_000, timeoutMs: 10_000 });
    expect(countOf(outcomes, 'refused')).toBe(0);
  });
});
