import { describe, expect, it } from 'vitest';
import { forgetHouseOrders } from '../store/delete-house-orders.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { createWorld } from '../testing/test-system.ts';

describe('forgetHouseOrders', () => {
  it('forgets what house accounts ended long ago, with its fills, and nothing else', async () => {
    await using world = await createWorld();
    const replica = await world.startReplica();
    const [house, person] = [await world.newUser(), await world.newUser()];
    world.market.conditions.set(house.userId, { ...usualConditions(house.userId), house: true });
    const place = (clientOrderId: string, terms: ReturnType<typeof limitTerms>, user: { userToken: string }) =>
      replica.orders.placeOrder({ clientOrderId, terms }, user);
    await place('resting', limitTerms('buy', '1', '50'), house);
    await place('ended', limitTerms('sell', '1', '100'), house);
    await place('bought', marketTerms('buy', '1'), person);

    expect(await forgetHouseOrders(world.db, 60_000, 100)).toBe(0);
    expect(await forgetHouseOrders(world.db, -60_000, 100)).toBe(1);
    const keysOf = async (user: { userToken: string }) =>
      (await replica.orders.listOrders({}, user)).orders.map(({ clientOrderId }) => clientOrderId);
    expect(await keysOf(house)).toEqual(['resting']);
    expect(await keysOf(person)).toEqual(['bought']);
    expect((await replica.orders.listFills({}, house)).fills).toEqual([]);
    expect((await replica.orders.listFills({}, person)).fills).toHaveLength(1);
  });
});
