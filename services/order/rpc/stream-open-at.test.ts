import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { OpenOrder } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

async function openAt(position: bigint, timeoutMs = 10_000): Promise<OpenOrder[]> {
  const orders: OpenOrder[] = [];
  const ledger = replica.internalFor('audit');
  for await (const page of ledger.streamOpenAt({ positions: { 0: position } }, { timeoutMs })) {
    orders.push(...page.orders);
  }
  return orders;
}

describe('StreamOpenAt', () => {
  it('sends each order as it was at the cut, whatever happened since', async () => {
    const [maker, taker] = [await system.newUser(), await system.newUser()];
    const terms = limitTerms('sell', '3', '100');
    const { order } = await replica.orders.placeOrder({ clientOrderId: 'm', terms }, maker);
    const opened = BigInt(system.exchange.feed.length);
    await replica.orders.placeOrder({ clientOrderId: 't1', terms: marketTerms('buy', '1') }, taker);
    const traded = BigInt(system.exchange.feed.length);
    await replica.orders.placeOrder({ clientOrderId: 't2', terms: marketTerms('buy', '2') }, taker);
    const ended = BigInt(system.exchange.feed.length);

    const base = {
      orderId: order?.orderId,
      quantityLots: 3n,
      priceTicks: 10_000n,
      tickLotMicros: 10_000n,
      makerBps: 10,
    };
    expect(await openAt(opened)).toMatchObject([
      { ...base, filledLots: 0n, makerValueMicros: 0n, passing: false },
      // The takers came after this cut.
      { passing: true },
      { passing: true },
    ]);
    expect((await openAt(traded))[0]).toMatchObject({ ...base, filledLots: 1n, makerValueMicros: 100_000_000n });
    expect(await openAt(ended)).toEqual([]);
  });

  it('sends a recently compensated order as pending, and none that never had a hold', async () => {
    const { userToken, userId } = await system.newUser();
    const place = (clientOrderId: string, symbol: string) =>
      replica.orders.placeOrder({ clientOrderId, terms: limitTerms('buy', '1', '50', { symbol }) }, { userToken });
    system.exchange.unlisted.add('FRAC');
    await expect(place('a', 'FRAC')).rejects.toThrow();
    system.ledger.poor.add(userId);
    await expect(place('b', 'ACME')).rejects.toThrow();
    const orders = await openAt(BigInt(system.exchange.feed.length));
    expect(orders).toMatchObject([{ accountId: userId, passing: true }]);
  });

  it('waits until the feed was applied up to the cut, and gives up in time', async () => {
    const future = BigInt(system.exchange.feed.length) + 1_000n;
    await expect(openAt(future, 1_000)).rejects.toMatchObject({
      code: expect.toBeOneOf([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]),
    });
  });

  it('answers the ledger only', async () => {
    const call = replica.internalFor('auto').streamOpenAt({ positions: { 0: 0n } });
    const reading = (async () => {
      for await (const _page of call);
    })();
    await expect(reading).rejects.toMatchObject({ reason: ErrorReason.SERVICE_NOT_ALLOWED });
  });
});

describe('PlaceOrderFor', () => {
  it('places for an account by the same rules and keys, for the auto service only', async () => {
    const { userId, userToken } = await system.newUser();
    const request = { accountId: userId, clientOrderId: 'auto:1', terms: limitTerms('buy', '1', '20') };
    const { order } = await replica.internalFor('auto').placeOrderFor(request);
    expect(order?.status).toBe(OrderStatus.OPEN);
    const { order: same } = await replica.orders.placeOrder(request, { userToken });
    expect(same?.orderId).toBe(order?.orderId);
    await expect(replica.internalFor('simulator').placeOrderFor(request)).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
  });
});
