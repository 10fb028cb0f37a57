import { describe, expect, it } from 'vitest';
import { fixedClock } from '#platform/clock/clock.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem } from '../testing/test-system.ts';
import { deleteOldHouseOrders } from './retention.ts';

describe('deleteOldHouseOrders', () => {
  it('deletes what house accounts ended long ago, with its fills, and nothing else', async () => {
    await using system = await openTestSystem();
    const { orders, deps } = await system.startReplica({ houseRetentionMs: 60_000 });
    const [house, person] = [await system.newUser(), await system.newUser()];
    system.market.conditions.set(house.userId, { ...usualConditions(house.userId), house: true });
    await orders.placeOrder({ clientOrderId: 'resting', terms: limitTerms('buy', '1', '50') }, house);
    await orders.placeOrder({ clientOrderId: 'ended', terms: limitTerms('sell', '1', '100') }, house);
    await orders.placeOrder({ clientOrderId: 'bought', terms: marketTerms('buy', '1') }, person);

    // The list waits for the feed, which ends the order of the house as well.
    await orders.listOrders({}, person);
    expect(await deleteOldHouseOrders(deps, 100)).toBe(0);
    const clock = fixedClock(() => Date.now() + 120_000);
    expect(await deleteOldHouseOrders({ ...deps, clock }, 100)).toBe(1);
    const keysOf = async (user: { userToken: string }) =>
      (await orders.listOrders({}, user)).orders.map(({ clientOrderId }) => clientOrderId);
    expect(await keysOf(house)).toEqual(['resting']);
    expect(await keysOf(person)).toEqual(['bought']);
    expect((await orders.listFills({}, house)).fills).toEqual([]);
    expect((await orders.listFills({}, person)).fills).toHaveLength(1);
  });
});
