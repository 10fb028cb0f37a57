import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type FaultProxy, startProxyBefore } from '#platform/testing/faults/fault-proxy.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type TestSystem } from '../testing/test-system.ts';

let system: TestSystem;
let proxy: FaultProxy;

beforeEach(async () => {
  system = await openTestSystem();
  proxy = await startProxyBefore(system.db.url);
});
afterEach(async () => {
  await system[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

describe('PlaceOrder', () => {
  it('works again after the connections to the database froze and new ones work, twice', {
    timeout: 90_000,
  }, async () => {
    const databaseUrl = proxy.through(system.db.url);
    const { orders } = await system.startReplica({}, { databaseUrl });
    const { userToken } = await system.newUser();
    const place = (clientOrderId: string) =>
      orders.placeOrder({ clientOrderId, terms: limitTerms('buy', '1', '50') }, { userToken, timeoutMs: 3_000 });
    await place('before');
    for (let round = 1; round <= 2; round += 1) {
      proxy.freeze();
      const acceptedBefore = proxy.acceptedCount;
      // The order that met the frozen connection, and those behind it: their keys name the outcome.
      const keys = [uuidV7(), uuidV7(), uuidV7()];
      await Promise.allSettled(keys.map(place));
      for (const key of keys) {
        const { order } = await eventually(() => place(key), { timeoutMs: 30_000 });
        expect(order?.status).toBe(OrderStatus.OPEN);
      }
      expect(proxy.acceptedCount).toBeGreaterThan(acceptedBefore);
    }
    const { rows } = await system.db.query<{ orders: bigint }>('SELECT count(*) AS orders FROM orders');
    expect(rows).toEqual([{ orders: 7n }]);
  });
});
