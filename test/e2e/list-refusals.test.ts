/** Keys of lists, and what is refused of them, by which field. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, placeOrder } from '../support/investor.ts';
import { ListScene, limit, stop } from '../support/list-scene.ts';
import { logInAdmin } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
let admin: Investor;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
});

const open = () => ListScene.open(client, admin);
const patient = { timeout: 60_000 };

describe('the keys of a list', patient, () => {
  it('answer the same list, refuse another body, and are those of no other order', async () => {
    const scene = await open();
    const terms = [limit('SELL', '104.00'), stop('SELL', '95.00')];
    const { request, listId, legs } = await scene.place('LIST_TYPE_OCO', terms);
    const again = await scene.send(request);
    expect(again).toEqual({ listId, legs });
    const { orders } = await scene.owner.call('OrderService/GetOrderList', {
      clientListId: request.clientListId ?? '',
    });
    expect(orders).toMatchObject(legs.map(({ orderId }) => ({ orderId })));
    const reused = { code: 'already_exists', reason: 'KEY_REUSED' };
    const other = JSON.parse(JSON.stringify(request).replaceAll('104.00', '103.00'));
    expect(await refusalOf(scene.owner.call('OrderService/PlaceOrderList', other))).toMatchObject(reused);
    const single = {
      clientOrderId: legs[0]?.clientOrderId ?? '',
      terms: limitTerms('SELL', scene.symbol, '10', '104.00'),
    };
    expect(await refusalOf(scene.owner.call('OrderService/PlaceOrder', single))).toMatchObject(reused);
    await scene.expectOwned({ shares: '10' });
  });
});

describe('refusals', patient, () => {
  const buy = limit('BUY', '99.00');
  const sale = limit('SELL', '104.00');
  it.each([
    ['a bracket of two', 'BRACKET', [buy, sale], 'orders'],
    ['an entry and an exit of one side', 'OTO', [buy, limit('BUY', '104.00')], 'orders[1].terms.side'],
    ['exits of two sides', 'OCO', [sale, buy], 'orders[1].terms.side'],
    ['two quantities', 'OTO', [buy, { ...sale, quantity: '9' }], 'orders[1].terms.quantity'],
    [
      'an exit for the moment',
      'OTO',
      [buy, { ...sale, timeInForce: 'TIME_IN_FORCE_IOC' }],
      'orders[1].terms.time_in_force',
    ],
    ['an exit at market', 'OTO', [buy, { side: 'SIDE_SELL', type: 'ORDER_TYPE_MARKET' }], 'orders[1].terms.type'],
    ['a post-only exit', 'OTO', [buy, { ...sale, postOnly: true }], 'orders[1].terms.post_only'],
    [
      'an entry for an auction',
      'OTO',
      [{ ...buy, timeInForce: 'TIME_IN_FORCE_AT_CLOSE' }, sale],
      'orders[0].terms.time_in_force',
    ],
    ['a price off the tick', 'OTO', [buy, limit('SELL', '104.005')], 'orders[1].terms.limit_price'],
  ])('%s: %s names its field, by preview and by placing', async (_, type, terms, field) => {
    const scene = await open();
    const orders = terms.map((each) => ({ symbol: scene.symbol, quantity: '10', ...each }));
    const listType = `LIST_TYPE_${type}`;
    const listed = {
      clientListId: 'k',
      type: listType,
      orders: orders.map((each, i) => ({ clientOrderId: `k${i}`, terms: each })),
    };
    for (const [rpc, request] of [
      ['PreviewOrderList', { type: listType, orders }],
      ['PlaceOrderList', listed],
    ] as const) {
      const refused = await refusalOf(scene.owner.call(`OrderService/${rpc}`, request));
      expect(refused.code).toBe('invalid_argument');
      expect(refused.message).toContain(field);
    }
    await scene.expectOwned({});
  });

  it('for want of shares is stored for all orders, and another one of the list changes nothing', async () => {
    const scene = await open();
    await placeOrder(scene.owner, limitTerms('SELL', scene.symbol, '95', '109.00'));
    const listed = (key: string, i: number, terms: object) => ({
      clientOrderId: `${key}${i}`,
      terms: { symbol: scene.symbol, quantity: '10', ...terms },
    });
    const request = {
      clientListId: 'k',
      type: 'LIST_TYPE_OCO',
      orders: [listed('k', 0, sale), listed('k', 1, stop('SELL', '95.00'))],
    };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const refused = await refusalOf(scene.owner.call('OrderService/PlaceOrderList', request));
      expect(refused).toMatchObject({ code: 'failed_precondition', reason: 'SHARES_INSUFFICIENT' });
      expect(refused.metadata).toMatchObject({ needed: '10', available: '5', list_id: expect.any(String) });
    }
    await scene.expectOwned({ shares: '95' });
  });
});
