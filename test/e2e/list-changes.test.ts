/** Orders of lists that their owner changes: what they hold at each step to the last millionth, and that its exits follow. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import type { Investor } from '../support/investor.ts';
import { type LegJson, ListScene, leg, limit, ofList, stop } from '../support/list-scene.ts';
import { logInAdmin } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
let admin: Investor;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
});

async function change(scene: ListScene, order: LegJson | undefined, terms: JsonObject): Promise<JsonObject> {
  const request = { orderId: order?.orderId ?? '', idempotencyKey: randomUUID(), ...terms };
  return await scene.owner.call('OrderService/ReplaceOrder', request);
}

describe('the change of an order of a list', { timeout: 60_000 }, () => {
  it('pays for a greater entry, and moves the price of an exit', async () => {
    const scene = await ListScene.open(client, admin);
    const { listId, legs } = await scene.place('LIST_TYPE_BRACKET', [
      limit('BUY', '99.00'),
      limit('SELL', '104.00'),
      stop('SELL', '95.00'),
    ]);
    await change(scene, legs[0], { quantity: '12', limitPrice: '99.50' });
    await change(scene, legs[1], { limitPrice: '106.00' });
    const waiting = leg('OPEN', { quantity: '0', waiting: true });
    // Twelve at 99.50, and a fee of 0.05 %.
    await scene.become(listId, [leg('OPEN', { quantity: '12' }), { ...waiting, limitPrice: '106.00' }, waiting], {
      cash: '1194.60',
    });
    await scene.other('SELL', 4, '99.50');
    const four = { quantity: '4' };
    const held = { cash: '796.40', shares: '4' };
    await scene.become(listId, [leg('PARTIALLY_FILLED'), leg('OPEN', four), leg('OPEN', four)], held);
    const quantity = await refusalOf(change(scene, legs[1], { quantity: '3' }));
    expect(quantity).toMatchObject({ code: 'invalid_argument', reason: 'INVALID_FIELD' });
    await change(scene, legs[1], { limitPrice: '105.00' });
    await change(scene, legs[2], { stopPrice: '97.00' });
    await scene.become(listId, [leg('PARTIALLY_FILLED'), leg('OPEN', four), leg('OPEN', four)], held);
    await scene.other('BUY', 4, '105.00');
    await scene.become(listId, [ofList({ filledQuantity: '4' }), leg('FILLED'), ofList()], {});
  });

  it('holds more cash where its sale brings less or its purchase costs more', async () => {
    const scene = await ListScene.open(client, admin);
    const { listId, legs } = await scene.place('LIST_TYPE_BRACKET', [
      limit('SELL', '100.00'),
      limit('BUY', '96.00'),
      stop('BUY', '104.00'),
    ]);
    const placed = [leg('OPEN'), leg('OPEN'), leg('OPEN')];
    await scene.become(listId, placed, { cash: '93.076', shares: '10' });
    await change(scene, legs[0], { limitPrice: '98.00' });
    // 112.00 more than the sale brings, 0.05 % of fees on 2,072.00, and three cents.
    await scene.become(listId, placed, { cash: '113.066', shares: '10' });
    await change(scene, legs[2], { stopPrice: '110.00' });
    // The worst price of the stop is 115.50 now.
    await scene.become(listId, placed, { cash: '176.0975', shares: '10' });
    await change(scene, legs[2], { stopPrice: '104.00' });
    await scene.become(listId, placed, { cash: '113.066', shares: '10' });
    await scene.other('BUY', 10, '98.00');
    await scene.become(listId, [leg('FILLED'), leg('OPEN', { quantity: '10' }), leg('OPEN', { quantity: '10' })], {
      cash: '1092.56',
    });
    await scene.other('SELL', 10, '96.00');
    await scene.become(listId, [leg('FILLED'), leg('FILLED'), ofList()], {});
  });
});
