/** What a caller's end means for its order: one that is for the market of its own moment trades before it, or never. */
import { create } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Order, OrderStatus, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { fromTerms } from '../rpc/messages/terms-message.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';
import { prepareIntent } from './prepare-intent.ts';

type Owner = { userId: string; userToken: string };

let system: TestSystem;
let replica: Replica;
let owner: Owner;

beforeAll(async () => {
  system = await openTestSystem();
  // The sweeper comes late, so that what is shown is done by the executor.
  replica = await system.startReplica({ sweepAgeMs: 60_000 });
});
afterAll(() => system[Symbol.asyncDispose]());

beforeEach(async () => {
  const seller = await system.newUser();
  await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '1', '100') }, seller);
  owner = await system.newUser();
});

const { exchange, ledger } = { exchange: () => system.exchange.exchange, ledger: () => system.ledger.ledger };
const restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore.splice(0)) undo();
});

/** Every Submit waits for `gate` before the exchange gets it; its caller hears nothing until then. */
function delaySubmit(gate: Promise<void>): { ids: string[] } {
  const sent: string[] = [];
  const target = exchange();
  const { submit } = target;
  target.submit = async (request, options) => {
    sent.push(...(request.orders ?? []).map(({ orderId = '' }) => orderId));
    await gate;
    return submit(request, options);
  };
  restore.push(() => {
    target.submit = submit;
  });
  return { ids: sent };
}

/** Every PlaceHolds waits for `gate`. */
function delayHolds(gate: Promise<void>): { ids: string[] } {
  const sent: string[] = [];
  const target = ledger();
  const { placeHolds } = target;
  target.placeHolds = async (request, options) => {
    sent.push(...(request.items ?? []).map(({ orderId = '' }) => orderId));
    await gate;
    return placeHolds(request, options);
  };
  restore.push(() => {
    target.placeHolds = placeHolds;
  });
  return { ids: sent };
}

/** Long enough for an order to be stored and sent, on a busy machine too. */
const sentWithinMs = 1_000;

const place = (clientOrderId: string, terms: ReturnType<typeof limitTerms>, timeoutMs: number, by: Owner = owner) =>
  replica.orders.placeOrder({ clientOrderId, terms }, { userToken: by.userToken, timeoutMs });

const outcomeOf = (clientOrderId: string): Promise<Order> =>
  eventually(async () => {
    const { order } = await replica.orders.getOrder({ clientOrderId }, { userToken: owner.userToken });
    if (order === undefined || order.status === OrderStatus.PENDING) throw new Error('the order is still pending');
    return order;
  });

const eventsOf = ({ orderId }: Order) =>
  system.exchange.feed.flatMap(({ event }) => {
    const { value } = event;
    if (event.case === 'accepted') return event.value.order?.orderId === orderId ? ['accepted'] : [];
    return value !== undefined && 'orderId' in value && value.orderId === orderId ? [event.case] : [];
  });

const withdrawn = {
  status: OrderStatus.REJECTED,
  filledQuantity: '0',
  refusal: { reason: ErrorReason.ORDER_NOT_SUBMITTED_IN_TIME },
};
/** The error of an order that did not make it, by its caller's clock or by the service. */
const tooLate = {
  code: expect.toBeOneOf([Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.FAILED_PRECONDITION, Code.UNAVAILABLE]),
};

const immediate = [
  ['market', marketTerms('buy', '1')],
  ['by amount', marketTerms('buy', '', { size: { case: 'amount', value: '200.00' } })],
  ['IOC', limitTerms('buy', '1', '100', { timeInForce: TimeInForce.IOC })],
  ['FOK', limitTerms('buy', '1', '100', { timeInForce: TimeInForce.FOK })],
] as const;

describe.each(immediate)('an order at the moment (%s)', (_kind, terms) => {
  it('that waits for its group of Submit is never sent once its caller has left', async () => {
    const gate = Promise.withResolvers<void>();
    const { ids } = delaySubmit(gate.promise);
    const first = place('first', limitTerms('buy', '1', '50'), 20_000, await system.newUser());
    await eventually(() => expect(ids.length).toBe(1));
    await expect(place('k', terms, sentWithinMs)).rejects.toMatchObject(tooLate);
    const order = await outcomeOf('k');
    gate.resolve();
    await first;
    expect(order).toMatchObject(withdrawn);
    expect(ids).not.toContain(order.orderId);
    expect(eventsOf(order)).toEqual(['cancelled']);
    await eventually(() => expect(system.ledger.holds.get(order.orderId)).toBe('released'));
  });

  it('does not trade when its Submit comes to the exchange after the time of its caller', async () => {
    const gate = Promise.withResolvers<void>();
    delaySubmit(gate.promise);
    system.exchange.faults.fail('void', 'lost-request', { times: Number.POSITIVE_INFINITY });
    // Long enough for the order to be sent at all, on a busy machine too: its void alone never comes.
    await expect(place('k', terms, 1_500)).rejects.toMatchObject(tooLate);
    await pause(50);
    gate.resolve();
    const order = await outcomeOf('k');
    system.exchange.faults.heal();
    expect(order).toMatchObject(withdrawn);
    expect(eventsOf(order)).toEqual(['rejected']);
  });

  it('has traded, and its key says so, when only the answer comes too late', async () => {
    system.exchange.faults.fail('submit', 'hang');
    // The answer that is lost is the feed's to give: at once, as that of a key, or to the call itself.
    const answer = await place('k', terms, sentWithinMs).catch((error: unknown) => error);
    expect(answer).toBeDefined();
    const order = await outcomeOf('k');
    system.exchange.faults.heal();
    expect(order).toMatchObject({ status: OrderStatus.FILLED, filledQuantity: '1' });
  });

  it('whose hold waits for its group is withdrawn without one', async () => {
    const gate = Promise.withResolvers<void>();
    const { ids } = delayHolds(gate.promise);
    const others = [await system.newUser(), await system.newUser()];
    const placed = [];
    for (const other of others) {
      placed.push(place('k', limitTerms('buy', '1', '50'), 20_000, other));
      await eventually(() => expect(ids).toHaveLength(placed.length));
    }
    await expect(place('k', terms, sentWithinMs)).rejects.toMatchObject(tooLate);
    const order = await outcomeOf('k');
    expect(order).toMatchObject(withdrawn);
    expect(system.ledger.holds.get(order.orderId)).toBe('released');
    gate.resolve();
    await Promise.all(placed);
    // The queue is past it when a later one has its hold.
    await place('after', limitTerms('buy', '1', '50'), 20_000, others[0]);
    expect(ids).not.toContain(order.orderId);
    expect(eventsOf(order)).toEqual(['cancelled']);
  });
});

describe('an order whose intent waits for its group', () => {
  it('is not stored once its caller has left', async () => {
    const { userToken, userId } = owner;
    await place('first', limitTerms('buy', '1', '50'), 20_000);
    const locked = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    const holding = system.db.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM accounts WHERE account_id = $1 FOR UPDATE', [userId]);
      locked.resolve();
      await free.promise;
    });
    await locked.promise;
    const blocked = place('second', limitTerms('buy', '1', '50'), 20_000);
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await eventually(async () => expect((await system.db.query(waiting)).rowCount).toBeGreaterThan(0));
    const other = await system.newUser();
    for (const terms of [marketTerms('buy', '1'), limitTerms('buy', '1', '50')]) {
      const call = place('late', terms, 300, other);
      await expect(call).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    }
    free.resolve();
    await holding;
    await blocked;
    // The queue is past it when a later one is placed.
    await place('after', limitTerms('buy', '1', '50'), 20_000, other);
    const lateKey = replica.orders.getOrder({ clientOrderId: 'late' }, { userToken: other.userToken });
    await expect(lateKey).rejects.toMatchObject({ reason: ErrorReason.KEY_NOT_FOUND });
    const { orders } = await replica.orders.listOrders({}, { userToken });
    expect(orders).toHaveLength(2);
  });
});

describe('an order that may rest', () => {
  it('stays an order when its caller has left: the sweeper takes it to the book', async () => {
    const gate = Promise.withResolvers<void>();
    const { ids } = delaySubmit(gate.promise);
    const first = place('first', limitTerms('buy', '1', '50'), 20_000, await system.newUser());
    await eventually(() => expect(ids.length).toBe(1));
    await expect(place('k', limitTerms('buy', '1', '49'), sentWithinMs)).rejects.toMatchObject({
      code: Code.DEADLINE_EXCEEDED,
    });
    gate.resolve();
    await first;
    const second = await system.startReplica({ sweepAgeMs: 50 });
    const order = await outcomeOf('k');
    expect(order.status).toBe(OrderStatus.OPEN);
    expect(ids.filter((id) => id === order.orderId)).toHaveLength(1);
    await second.stop();
  });
});

describe('the sweeper', () => {
  it('submits no immediate order, young or old: whether its caller is still there is not known', async () => {
    const terms = fromTerms(create(OrderTermsSchema, marketTerms('buy', '1')));
    const intent = await prepareIntent(replica.deps, { accountId: owner.userId, clientOrderId: 'k', terms });
    // Its process dies here.
    await replica.deps.placeIntent.enqueue(intent, { aborted: false });
    const submits = system.exchange.faults.countOf('submit');
    const second = await system.startReplica({ sweepAgeMs: 50, immediateAgeMaxMs: 4_000 });
    expect(await outcomeOf('k')).toMatchObject(withdrawn);
    expect(system.exchange.faults.countOf('submit')).toBe(submits);
    await second.stop();
  });
});
