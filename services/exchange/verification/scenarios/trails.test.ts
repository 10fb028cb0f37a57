import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { acme, newOrder, type OrderInit } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';

let database: TestDatabase;
let active: TestExchange;
let standby: TestExchange;

beforeAll(async () => {
  database = await createTestDatabase();
  active = await startExchange(database.url);
  await active.exchange.served;
  standby = await startExchange(database.url);
  await active.market.listSymbol({ listing: acme });
});

afterAll(async () => {
  await standby[Symbol.asyncDispose]();
  await active[Symbol.asyncDispose]();
  await database.drop();
});

async function submit(...orders: OrderInit[]): Promise<string[]> {
  const { results } = await active.order.submit({ orders });
  expect(results.map(({ reason }) => reason)).toEqual(orders.map(() => ErrorReason.UNSPECIFIED));
  return orders.map(({ orderId = '' }) => orderId);
}

/** Trades a lot at a price. */
const trade = (priceTicks: bigint) => {
  const terms = { priceTicks, quantityLots: 1n };
  return submit(newOrder('sell', { ...terms, accountId: 'c' }), newOrder('buy', { ...terms, accountId: 'd' }));
};

const trailing = (side: 'buy' | 'sell', terms: OrderInit) =>
  newOrder(side, { type: OrderType.TRAILING_STOP, priceTicks: side === 'buy' ? 1_000n : 1n, ...terms });

async function trailsOf(orderIds: string[], of = active) {
  const { trails } = await of.order.readTrails({ shard: 0, orderIds });
  return trails.map(({ orderId, referencePriceTicks: at, stopPriceTicks: stop }) => [
    orderIds.indexOf(orderId),
    at,
    stop,
  ]);
}

describe('ReadTrails', () => {
  it('says from which price each trailing stop trails, at the process that is asked, and leaves the state as it is', async () => {
    await trade(100n);
    const ids = await submit(
      ...[trailing('sell', { trailTicks: 5n }), trailing('buy', { trailBps: 1_000 })],
      ...[
        newOrder('sell', { priceTicks: 500n }),
        newOrder('buy', { type: OrderType.STOP, stopPriceTicks: 200n, priceTicks: 210n }),
      ],
    );
    expect(await trailsOf(ids)).toEqual([
      [0, 100n, 95n],
      [1, 100n, 110n],
    ]);
    const before = await active.order.getShard({ shard: 0 });
    await trade(104n);
    await trade(102n);
    await trade(99n);
    const moved = [
      [0, 104n, 99n],
      [1, 99n, 109n],
    ];
    expect((await active.order.getShard({ shard: 0 })).headSequence).toBeGreaterThan(before.headSequence);
    // The sell was triggered at 99 and is over.
    expect(await trailsOf(ids)).toEqual(moved.slice(1));
    const read = await active.order.getShard({ shard: 0 });
    expect(await trailsOf([ids[1] ?? '', uuidV7(), 'no id'], standby)).toEqual([[0, 99n, 109n]]);
    const { sequence } = await active.order.readTrails({ shard: 0, orderIds: ids });
    expect([sequence, (await active.order.getShard({ shard: 0 })).stateHash]).toEqual([
      read.headSequence,
      read.stateHash,
    ]);
  });

  it('takes 1 to 500 ids of a shard', async () => {
    for (const orderIds of [[], Array.from({ length: 501 }, () => uuidV7())]) {
      await expect(active.order.readTrails({ shard: 0, orderIds })).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
      });
    }
    expect(await trailsOf(Array.from({ length: 500 }, () => uuidV7()))).toEqual([]);
    await expect(active.order.readTrails({ shard: 7, orderIds: ['x'] })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
    await expect(active.market.readTrails({ shard: 0, orderIds: ['x'] })).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
  });
});
