import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { Fault } from '../testing/faults.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type User = Awaited<ReturnType<TestSystem['newUser']>>;

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
beforeEach(() => {
  system.clock.aheadMs = 0;
});
afterAll(() => system[Symbol.asyncDispose]());

/**
 * Places an order, and ends the exchange at its Submit: once it is journalled and before it is answered or on the feed (`lost-answer`),
 * or before it arrives (`lost-request`). Returns the order as it is stored.
 */
async function placeWhileExchangeDies(owner: User, terms: ReturnType<typeof limitTerms>, fault: Fault): Promise<Order> {
  const stopped = Promise.withResolvers<void>();
  const onFault = () => {
    system.exchange.stop();
    stopped.resolve();
  };
  system.exchange.faults.fail('submit', fault, { onFault });
  const call = replica.orders.placeOrder({ clientOrderId: 'k', terms }, { ...owner, timeoutMs: 1_000 });
  await expect(call).rejects.toMatchObject({ code: expect.toBeOneOf([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]) });
  await stopped.promise;
  return readOrder(owner);
}

async function readOrder(owner: User): Promise<Order> {
  const { order } = await replica.orders.getOrder({ clientOrderId: 'k' }, owner);
  if (order === undefined) throw new Error('there is no order in the answer');
  return order;
}

/** The order once the successor's feed has ended or opened it. */
function outcomeOf(owner: User): Promise<Order> {
  return eventually(async () => {
    const order = await readOrder(owner);
    if (order.status === OrderStatus.PENDING) throw new Error('the order is still pending');
    return order;
  });
}

/** Waits until the sweeper has tried several times in vain to reach the exchange. */
async function untilSwept(call: 'submit' | 'void'): Promise<void> {
  const { faults } = system.exchange;
  const before = faults.countOf(call);
  await eventually(() => expect(faults.countOf(call)).toBeGreaterThanOrEqual(before + 2));
}

/** Lets the pending order grow too old to be submitted, and waits until the sweeper has tried to compensate it. */
async function untilTooOld(): Promise<void> {
  system.clock.aheadMs = replica.deps.limits.immediateAgeMaxMs + 1_000;
  await untilSwept('void');
}

const holdOf = ({ orderId }: Order) => system.ledger.holds.get(orderId);
const eventsOf = ({ orderId }: Order) =>
  system.exchange.feed.flatMap(({ event }) => {
    if (event.case === 'accepted') return event.value.order?.orderId === orderId ? ['accepted'] : [];
    if (event.case === 'traded')
      return [event.value.maker, event.value.taker].some((side) => side?.orderId === orderId) ? ['traded'] : [];
    return event.case === 'cancelled' && event.value.orderId === orderId ? ['cancelled'] : [];
  });

describe('an order that the exchange has accepted before it died, and whose events no feed has sent', () => {
  it('stays pending with its hold, and is opened once by the feed of the successor', async () => {
    const owner = await system.newUser();
    const pending = await placeWhileExchangeDies(owner, limitTerms('buy', '1', '50'), 'lost-answer');
    await untilSwept('submit');
    expect((await readOrder(owner)).status).toBe(OrderStatus.PENDING);
    expect(holdOf(pending)).toBe('held');
    system.exchange.start();
    expect(await outcomeOf(owner)).toMatchObject({ orderId: pending.orderId, status: OrderStatus.OPEN });
    expect(holdOf(pending)).toBe('held');
    expect(eventsOf(pending)).toEqual(['accepted']);
  });

  it('is filled by the feed of the successor, though it is too old to be submitted by then', async () => {
    const [seller, owner] = [await system.newUser(), await system.newUser()];
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '1', '100') }, seller);
    const pending = await placeWhileExchangeDies(owner, marketTerms('buy', '1'), 'lost-answer');
    // Its compensation cannot void it, so its hold stands.
    await untilTooOld();
    expect((await readOrder(owner)).status).toBe(OrderStatus.PENDING);
    expect(holdOf(pending)).toBe('held');
    system.exchange.start();
    expect(await outcomeOf(owner)).toMatchObject({ status: OrderStatus.FILLED, filledQuantity: '1', fees: '0.20' });
    expect((await replica.orders.listFills({ orderId: pending.orderId }, owner)).fills).toHaveLength(1);
    // The ledger settles the trade from the hold, by the same feed.
    expect(holdOf(pending)).toBe('held');
  });

  it('is ended by the feed of the successor when it found nothing to trade with', async () => {
    const owner = await system.newUser();
    const pending = await placeWhileExchangeDies(owner, marketTerms('buy', '1'), 'lost-answer');
    await untilTooOld();
    expect(holdOf(pending)).toBe('held');
    system.exchange.start();
    expect(await outcomeOf(owner)).toMatchObject({ status: OrderStatus.CANCELLED, filledQuantity: '0' });
    // The ledger releases the hold, by the same feed.
    expect(holdOf(pending)).toBe('held');
    expect(eventsOf(pending)).toEqual(['accepted', 'cancelled']);
  });
});

describe('an order that had not reached the exchange when it died', () => {
  it('is submitted to the successor when it may rest', async () => {
    const owner = await system.newUser();
    const pending = await placeWhileExchangeDies(owner, limitTerms('buy', '1', '50'), 'lost-request');
    await untilSwept('submit');
    expect(holdOf(pending)).toBe('held');
    system.exchange.start();
    expect((await outcomeOf(owner)).status).toBe(OrderStatus.OPEN);
    expect(eventsOf(pending)).toEqual(['accepted']);
  });

  it('is voided and its hold released when it is an immediate order', async () => {
    const owner = await system.newUser();
    const pending = await placeWhileExchangeDies(owner, marketTerms('buy', '1'), 'lost-request');
    await untilTooOld();
    expect(holdOf(pending)).toBe('held');
    system.exchange.start();
    expect(await outcomeOf(owner)).toMatchObject({
      status: OrderStatus.REJECTED,
      refusal: { reason: ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME },
    });
    expect(holdOf(pending)).toBe('released');
    expect(eventsOf(pending)).toEqual(['cancelled']);
  });
});
