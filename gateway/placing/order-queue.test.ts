import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { PlaceOrdersRequestSchema, PlaceOrdersResponseSchema } from '#gen/outcry/order/v1/internal_pb.ts';
import { PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { OrderQueue, type QueuedOrder, type QueueLimits, type SendGroup } from './order-queue.ts';

/** An order service that answers each order when the test says so. */
function createStub() {
  const groups: string[][] = [];
  const open = new Map<string, { answer: () => void; fail: (error: unknown) => void }>();
  const send: SendGroup = async function* (request) {
    const { items } = fromBinary(PlaceOrdersRequestSchema, request);
    const keys = items.map(({ order }) => order?.clientOrderId ?? '');
    groups.push(keys);
    const ready: number[] = [];
    let wake = () => {};
    let failure: unknown;
    for (const [index, key] of keys.entries()) {
      open.set(key, {
        answer: () => {
          ready.push(index);
          wake();
        },
        fail: (error) => {
          failure = error;
          wake();
        },
      });
    }
    for (let left = keys.length; left > 0; ) {
      if (ready.length === 0 && failure === undefined) await new Promise<void>((resolve) => (wake = resolve));
      if (failure !== undefined) throw failure;
      const results = ready.splice(0).map((index) => ({ index, outcome: { case: 'response' as const, value: {} } }));
      left -= results.length;
      yield toBinary(PlaceOrdersResponseSchema, create(PlaceOrdersResponseSchema, { results }));
    }
  };
  const of = (key: string) => {
    const found = open.get(key);
    if (found === undefined) throw new Error(`${key} was not sent`);
    return found;
  };
  return {
    groups,
    send,
    answer: (key: string) => of(key).answer(),
    fail: (key: string, error: unknown) => of(key).fail(error),
  };
}

function orderOf(key: string, more: Partial<QueuedOrder> = {}): QueuedOrder {
  const order = toBinary(PlaceOrderRequestSchema, create(PlaceOrderRequestSchema, { clientOrderId: key }));
  const deadlineTimeMs = Date.now() + 60_000;
  return { order, userToken: 't', traceparent: '', requestId: key, deadlineTimeMs, isOver: false, ...more };
}

function startQueue(limits: Partial<QueueLimits> = {}) {
  const stub = createStub();
  const queue = new OrderQueue(stub.send, limits);
  const place = (key: string, more: Partial<QueuedOrder> = {}) => queue.place(orderOf(key, more), { isResent: false });
  return { ...stub, queue, place };
}

const longSlots = { slotMs: 600_000 };

describe('OrderQueue', () => {
  it('sends a lone order at once, and what arrived together together', async () => {
    const { groups, place, answer } = startQueue(longSlots);
    const lone = place('a');
    await eventually(() => expect(groups).toEqual([['a']]));
    answer('a');
    expect(await lone).toHaveProperty('response');
    void place('b');
    void place('c');
    await eventually(() => expect(groups.slice(1)).toEqual([['b', 'c']]));
  });

  it('collects while all slots are taken, within the bound of a group', async () => {
    const { groups, place, answer } = startQueue({ ...longSlots, slotsMax: 1, groupItemsMax: 3 });
    void place('first');
    await eventually(() => expect(groups).toHaveLength(1));
    for (const key of ['a', 'b', 'c', 'd']) void place(key);
    answer('first');
    await eventually(() => expect(groups).toEqual([['first'], ['a', 'b', 'c']]));
    answer('b');
    await eventually(() => expect(groups[2]).toEqual(['d']));
  });

  it('lets a slow order delay neither its neighbours nor those that come later', async () => {
    const { groups, place, answer } = startQueue({ ...longSlots, slotsMax: 1 });
    const [slow, quick] = [place('slow'), place('quick')];
    await eventually(() => expect(groups).toHaveLength(1));
    answer('quick');
    await quick;
    const later = place('later');
    await eventually(() => expect(groups).toHaveLength(2));
    answer('later');
    await later;
    answer('slow');
    await slow;
  });

  it('takes the slot of a group that is not answered at all, after a time', async () => {
    const { groups, place } = startQueue({ slotMs: 20, slotsMax: 1 });
    void place('stuck');
    await eventually(() => expect(groups).toHaveLength(1));
    void place('next');
    await eventually(() => expect(groups).toEqual([['stuck'], ['next']]));
  });

  it('never sends an order whose caller has left or whose time is over', async () => {
    const { groups, place, answer } = startQueue({ ...longSlots, slotsMax: 1 });
    void place('first');
    await eventually(() => expect(groups).toHaveLength(1));
    const left = place('left', { isOver: true });
    const late = place('late', { deadlineTimeMs: Date.now() - 1 });
    void place('good');
    answer('first');
    await Promise.all([
      expect(left).rejects.toMatchObject({ code: Code.CANCELLED }),
      expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED }),
    ]);
    await eventually(() => expect(groups).toEqual([['first'], ['good']]));
  });

  it('rejects what a failed group left open, and nothing else of it', async () => {
    const { groups, place, answer, fail } = startQueue(longSlots);
    const [answered, open] = [place('answered'), place('open')];
    await eventually(() => expect(groups).toHaveLength(1));
    answer('answered');
    await answered;
    fail('open', new Error('gone'));
    await expect(open).rejects.toThrow('gone');
  });

  it('refuses at once, with the time to come back, when the oldest has waited too long', async () => {
    const wait = { burstMs: 30, standingMs: 30, strictMs: 1_000, notableMs: 5 };
    const { groups, queue, place, answer } = startQueue({ ...longSlots, slotsMax: 1, wait });
    void place('first');
    await eventually(() => expect(groups).toHaveLength(1));
    const waiting = place('waiting');
    await eventually(async () => {
      await expect(Promise.race([place('more'), Promise.resolve('waits')])).rejects.toMatchObject({
        code: Code.RESOURCE_EXHAUSTED,
        reason: ErrorReason.OVERLOADED,
        retryDelayMs: expect.any(Number),
      });
    });
    void queue.place(orderOf('again'), { isResent: true });
    answer('first');
    await eventually(() => expect(groups[1]).toEqual(expect.arrayContaining(['waiting', 'again'])));
    answer('waiting');
    await waiting;
    void place('welcome');
    await eventually(() => expect(groups.flat()).toContain('welcome'));
  });

  it('has a bound on what waits', async () => {
    const { groups, place } = startQueue({ ...longSlots, slotsMax: 1, waitingMax: 2 });
    void place('first');
    await eventually(() => expect(groups).toHaveLength(1));
    void place('a');
    void place('b');
    await expect(place('c')).rejects.toMatchObject({ reason: ErrorReason.OVERLOADED });
  });
});
