import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type TestSystem } from '../testing/test-system.ts';
import { fromPositionLimitColumn, toPositionLimitColumn } from './position-limit-column.ts';

describe('the columns of a position limit', () => {
  it.each([[undefined], [0n], [1n], [10n ** 17n]])('give %s back', (limit) => {
    expect(fromPositionLimitColumn(toPositionLimitColumn(limit))).toBe(limit);
  });

  it('have for no limit what the releases before wrote, and for 0 nothing that they would take for it', () => {
    expect(toPositionLimitColumn(undefined)).toBe(0n);
    expect(toPositionLimitColumn(0n)).toBeLessThan(0n);
  });
});

describe('a position limit on its way to the ledger', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await openTestSystem();
  });
  afterAll(() => system[Symbol.asyncDispose]());

  it.each([
    { text: '', older: 0n, limit: undefined },
    { text: '0', older: 1n, limit: 0n },
    { text: '0.00', older: 1n, limit: 0n },
    { text: '2.5', older: 2_500_000n, limit: 2_500_000n },
  ])('is asked for as "$text" says, also after the order was read from its row', async ({ text, older, limit }) => {
    const replica = await system.startReplica();
    const owner = await system.newUser();
    system.market.conditions.set(owner.userId, usualConditions(owner.userId, { positionQuantityMax: text }));
    const place = (clientOrderId: string) =>
      replica.orders.placeOrder({ clientOrderId, terms: limitTerms('buy', '1', '50') }, owner);
    const asked = { positionMaxMicros: older, positionLimitMicros: limit };
    await place('new');
    expect(system.ledger.requested.at(-1)).toMatchObject(asked);
    // The process dies before the ledger has the order: the sweeper of another one reads it from its row.
    const before = system.ledger.requested.length;
    const dead = Promise.withResolvers<void>();
    const onFault = () => {
      dead.resolve(replica.kill());
      throw new Error('the process has died');
    };
    system.ledger.faults.fail('placeHolds', 'lost-request', { onFault });
    await expect(place('swept')).rejects.toThrow();
    await dead.promise;
    const second = await system.startReplica();
    await eventually(() => expect(system.ledger.requested.length).toBeGreaterThan(before));
    expect(system.ledger.requested.at(-1)).toMatchObject(asked);
    await second.stop();
  });
});
