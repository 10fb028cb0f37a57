import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaceOrdersResult } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { fromStatus, reasonName } from '#platform/errors/details.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let replica: Replica;
let gateway: ReturnType<Replica['internalFor']>;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
  gateway = replica.internalFor('gateway');
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
});

type Item = { clientOrderId: string; userToken: string; remainingMs?: number; price?: string };

/** The results of a group in the order of its items, and how many came in each message. */
async function placeGroup(items: Item[], client = gateway) {
  const results: PlaceOrdersResult[] = [];
  const groups: number[] = [];
  const request = {
    items: items.map(({ clientOrderId, userToken, remainingMs = 5_000, price = '90' }) => ({
      order: { clientOrderId, terms: limitTerms('buy', '1', price) },
      userToken,
      remainingMs,
      requestId: `request-${clientOrderId}`,
    })),
  };
  const answered = client.placeOrders(request, { timeoutMs: 15_000 });
  try {
    for await (const response of answered) {
      groups.push(response.results.length);
      for (const result of response.results) results[result.index] = result;
    }
  } catch (error) {
    if (!(error instanceof OutcryError) || error.code !== Code.DEADLINE_EXCEEDED) throw error;
    const waiting = items.filter((_, index) => results[index] === undefined).map(({ clientOrderId }) => clientOrderId);
    throw new Error(`in time ${items.length - waiting.length} orders had a result; not: ${waiting}`, { cause: error });
  }
  return { results, groups };
}

function reasonOf(result: PlaceOrdersResult | undefined): string {
  if (result?.outcome.case !== 'refusal') return result?.outcome.case ?? 'none';
  return reasonName(fromStatus(result.outcome.value).reason);
}

describe('PlaceOrders', () => {
  it('places each order for its own user, and answers those that were known together together', async () => {
    const users = [await system.newUser(), await system.newUser(), await system.newUser()];
    const { results, groups } = await placeGroup(
      users.map(({ userToken }, index) => ({ clientOrderId: `g${index}`, userToken })),
    );
    const orders = results.map(({ outcome }) => (outcome.case === 'response' ? outcome.value.order : undefined));
    expect(orders.map((order) => order?.accountId)).toEqual(users.map(({ userId }) => userId));
    expect(orders.map((order) => order?.status)).toEqual(Array(3).fill(OrderStatus.OPEN));
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(3);
    const counted = await replica.app.metrics.registry.metrics();
    expect(counted).toMatch(
      /rpc_server_call_duration_seconds_count\{.*rpc_method="[^"]+\/PlaceOrder",rpc_response_status_code="OK".*\} 3/,
    );
  });

  it('refuses what is wrong with an item to that item alone', async () => {
    const { userToken } = await system.newUser();
    const { results } = await placeGroup([
      { clientOrderId: 'bad token', userToken: 'x' },
      { clientOrderId: 'no key!', userToken },
      { clientOrderId: 'off-tick', userToken, price: '1.001' },
      { clientOrderId: 'late', userToken, remainingMs: 0 },
      { clientOrderId: 'good', userToken },
    ]);
    expect(results.map(reasonOf)).toEqual([
      'TOKEN_INVALID',
      'INVALID_FIELD',
      expect.stringMatching(/TICK|INVALID/),
      'DEADLINE_EXPIRED',
      'response',
    ]);
    const { orders } = await replica.orders.listOrders({}, { userToken });
    expect(orders.map(({ clientOrderId }) => clientOrderId)).toEqual(['good']);
  });

  it('says of each order whose time ended while it waited that its deadline has passed, never that its caller left', async () => {
    const { userToken } = await system.newUser();
    const reasons = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const items = Array.from({ length: 40 }, (_, index) => ({
        ...{ clientOrderId: `r${round}-${index}`, userToken, remainingMs: 1 + (index % 20) },
      }));
      for (const result of (await placeGroup(items)).results) reasons.add(reasonOf(result));
    }
    expect(reasons).toContain('DEADLINE_EXPIRED');
    expect(reasons).not.toContain('CANCELLED_BY_CALLER');
  });

  it('answers a key again with the same order, in a group and alone', async () => {
    const { userToken } = await system.newUser();
    const first = await placeGroup([{ clientOrderId: 'same', userToken }]);
    const again = await placeGroup([
      { clientOrderId: 'same', userToken },
      { clientOrderId: 'same', userToken },
    ]);
    const alone = await replica.orders.placeOrder(
      { clientOrderId: 'same', terms: limitTerms('buy', '1', '90') },
      { userToken },
    );
    const idOf = (result: PlaceOrdersResult | undefined) =>
      result?.outcome.case === 'response' ? result.outcome.value.order?.orderId : undefined;
    const ids = [...first.results, ...again.results].map(idOf);
    expect(new Set([...ids, alone.order?.orderId]).size).toBe(1);
    expect(ids[0]).toBeDefined();
  });

  it('is for the gateway alone, and takes 1 to 100 orders', async () => {
    const { userToken } = await system.newUser();
    const other = replica.internalFor('auto');
    await expect(placeGroup([{ clientOrderId: 'a', userToken }], other)).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
    await other[Symbol.asyncDispose]();
    await expect(placeGroup([])).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    const many = Array.from({ length: 101 }, (_, index) => ({ clientOrderId: `m${index}`, userToken }));
    await expect(placeGroup(many)).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});
