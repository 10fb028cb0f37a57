import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import {
  balancesOf,
  type Investor,
  limitTerms,
  marketTerms,
  orderOnce,
  placeOrder,
  registerInvestor,
} from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
let admin: Investor;
let symbol: string;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
  symbol = await openBook(admin);
});

async function holderOf(quantity: string): Promise<Investor> {
  const investor = await registerInvestor(client);
  await issueShares(admin, investor, symbol, quantity);
  return investor;
}

describe('matching of two users', () => {
  it('trades the best price first, and of equal prices the older order first, at the price that rested', async () => {
    const [early, late, cheap, buyer] = await Promise.all([
      holderOf('10'),
      holderOf('10'),
      holderOf('10'),
      registerInvestor(client),
    ]);
    const first = await placeOrder(early, limitTerms('SELL', symbol, '10', '101.00'));
    const second = await placeOrder(late, limitTerms('SELL', symbol, '10', '101.00'));
    const best = await placeOrder(cheap, limitTerms('SELL', symbol, '10', '100.50'));
    const taker = await placeOrder(buyer, limitTerms('BUY', symbol, '15', '101.00'));
    await orderOnce(buyer, taker.orderId, 'FILLED');
    await orderOnce(cheap, best.orderId, 'FILLED');
    const partly = await orderOnce(early, first.orderId, 'PARTIALLY_FILLED');
    expect(partly.filledQuantity).toBe('5');
    await orderOnce(late, second.orderId, 'OPEN');
    const { fills } = (await buyer.call('OrderService/ListFills', { orderId: taker.orderId })) as {
      fills: { price: string; quantity: string; maker?: boolean }[];
    };
    expect(fills.map(({ price, quantity }) => `${quantity} at ${price}`).sort()).toEqual([
      '10 at 100.50',
      '5 at 101.00',
    ]);
    await Promise.all([early.call('OrderService/CancelAllOrders'), late.call('OrderService/CancelAllOrders')]);
    await orderOnce(early, first.orderId, 'CANCELLED');
    await orderOnce(late, second.orderId, 'CANCELLED');
  });

  it('fills a part, rests with the rest, and holds just what the rest may cost', async () => {
    const [seller, buyer] = await Promise.all([holderOf('4'), registerInvestor(client, '10000.00')]);
    const resting = await placeOrder(buyer, limitTerms('BUY', symbol, '10', '99.00'));
    await placeOrder(seller, limitTerms('SELL', symbol, '4', '99.00'));
    const order = await orderOnce(buyer, resting.orderId, 'PARTIALLY_FILLED');
    expect(order.filledQuantity).toBe('4');
    await eventually(async () => {
      const { cash, sharesOf } = await balancesOf(buyer);
      const held = Number(cash?.held);
      expect(held).toBeGreaterThanOrEqual(594);
      expect(held).toBeLessThan(596);
      expect(sharesOf(symbol)?.total).toBe('4');
    });
    await buyer.call('OrderService/CancelOrder', { orderId: resting.orderId });
    await orderOnce(buyer, resting.orderId, 'CANCELLED');
  });
});

describe('refusals', () => {
  const place = (investor: Investor, terms: ReturnType<typeof limitTerms>) =>
    refusalOf(investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms }));

  it('too little cash: needed, available and held', async () => {
    const investor = await registerInvestor(client, '100.00');
    const refusal = await place(investor, limitTerms('BUY', symbol, '10', '100.00'));
    expect(refusal).toMatchObject({ code: 'failed_precondition', reason: 'CASH_INSUFFICIENT' });
    expect(refusal.metadata).toMatchObject({ available: '100.00', held: '0.00', currency: 'USD' });
    expect(Number(refusal.metadata.needed)).toBeGreaterThanOrEqual(1_000);
  });

  it('too few shares: needed, available and held', async () => {
    const investor = await holderOf('3');
    const refusal = await place(investor, limitTerms('SELL', symbol, '5', '110.00'));
    expect(refusal).toMatchObject({ code: 'failed_precondition', reason: 'SHARES_INSUFFICIENT' });
    expect(refusal.metadata).toMatchObject({ symbol, needed: '5', available: '3', held: '0' });
  });

  it.each([
    [
      'a price off the tick',
      limitTerms('BUY', '', '1', '100.005'),
      'PRICE_NOT_ON_TICK',
      { price: '100.005', tick: '0.01' },
    ],
    [
      'a quantity off the lot',
      limitTerms('BUY', '', '1.5', '100.00'),
      'QUANTITY_NOT_ON_LOT',
      { quantity: '1.5', lot: '1' },
    ],
  ])('%s', async (_, terms, reason, metadata) => {
    const investor = await registerInvestor(client);
    const refusal = await place(investor, { ...terms, symbol });
    expect(refusal).toMatchObject({ code: 'invalid_argument', reason, metadata });
  });

  it('an unknown symbol', async () => {
    const investor = await registerInvestor(client);
    const refusal = await place(investor, limitTerms('BUY', 'NOSUCH', '1', '100.00'));
    expect(refusal).toMatchObject({ code: 'not_found', reason: 'SYMBOL_UNKNOWN' });
  });

  it('a halted instrument, which takes orders again when it resumes', async () => {
    const halted = await openBook(admin);
    const investor = await registerInvestor(client);
    await admin.call('MarketAdminService/HaltInstrument', { idempotencyKey: randomUUID(), symbol: halted });
    const refusal = await place(investor, limitTerms('BUY', halted, '1', '100.00'));
    expect(refusal).toMatchObject({ code: 'failed_precondition', reason: 'INSTRUMENT_HALTED' });
    expect(refusal.metadata).toMatchObject({ symbol: halted });
    await admin.call('MarketAdminService/ResumeInstrument', { idempotencyKey: randomUUID(), symbol: halted });
    const order = await eventually(() => placeOrder(investor, limitTerms('BUY', halted, '1', '100.00')));
    await orderOnce(investor, order.orderId, 'OPEN');
  });

  it('over the limit of the account, with the limit', async () => {
    const investor = await registerInvestor(client);
    const { user } = (await admin.call('UserAdminService/GetUser', { userId: investor.accountId })) as {
      user: { conditions: object };
    };
    const conditions = { ...user.conditions, orderNotionalMax: '500.00' };
    await admin.call('UserAdminService/SetConditions', { userId: investor.accountId, conditions });
    const refusal = await eventually(async () => {
      const answer = await place(investor, limitTerms('BUY', symbol, '6', '90.00'));
      expect(answer.reason).toBe('ORDER_NOTIONAL_OVER_LIMIT');
      return answer;
    });
    expect(refusal.code).toBe('failed_precondition');
    expect(refusal.metadata).toMatchObject({ notional: '540.00', limit: '500.00' });
  });

  it('a frozen account, which still may cancel', async () => {
    const investor = await registerInvestor(client);
    const resting = await placeOrder(investor, limitTerms('BUY', symbol, '1', '90.00'));
    const userId = investor.accountId;
    await admin.call('UserAdminService/SetAccountState', { userId, state: 'ACCOUNT_STATE_FROZEN', note: 'test' });
    const refusal = await eventually(async () => {
      const answer = await place(investor, limitTerms('BUY', symbol, '1', '90.00'));
      expect(answer.reason).toBe('ACCOUNT_FROZEN');
      return answer;
    });
    expect(refusal.code).toBe('failed_precondition');
    await investor.call('OrderService/CancelOrder', { orderId: resting.orderId });
    await orderOnce(investor, resting.orderId, 'CANCELLED');
  });

  it('a market order where there is nothing to protect it with', async () => {
    const empty = await openBook(admin);
    const investor = await registerInvestor(client);
    const refusal = await place(investor, marketTerms('BUY', empty, '1'));
    expect(refusal).toMatchObject({ code: 'failed_precondition', reason: 'NO_REFERENCE_PRICE' });
  });
});

describe('client_order_id', () => {
  it('sent 50 times at once makes one order and 50 equal answers', async () => {
    const investor = await registerInvestor(client);
    const request = { clientOrderId: randomUUID(), terms: limitTerms('BUY', symbol, '1', '95.00') };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => investor.call('OrderService/PlaceOrder', request)),
    );
    const ids = new Set(answers.map(({ order }) => (order as { orderId: string }).orderId));
    expect(ids.size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const { orders } = (await investor.call('OrderService/ListOrders')) as { orders: unknown[] };
    expect(orders).toHaveLength(1);
  });

  it('is the same order when it is written another way, and refused for another body', async () => {
    const investor = await registerInvestor(client);
    const clientOrderId = randomUUID();
    const send = (quantity: string, limitPrice: string) =>
      investor.call('OrderService/PlaceOrder', {
        clientOrderId,
        terms: limitTerms('BUY', symbol, quantity, limitPrice),
      });
    const first = (await send('1', '95.00')) as { order: { orderId: string } };
    const again = (await send('1.0', '95')) as { order: { orderId: string } };
    expect(again.order.orderId).toBe(first.order.orderId);
    expect(await refusalOf(send('2', '95.00'))).toMatchObject({ code: 'already_exists', reason: 'KEY_REUSED' });
  });

  it('repeats a refusal under its key, also after the reason for it is gone', async () => {
    const investor = await registerInvestor(client, '10.00');
    const request = { clientOrderId: randomUUID(), terms: limitTerms('BUY', symbol, '1', '95.00') };
    const first = await refusalOf(investor.call('OrderService/PlaceOrder', request));
    await investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '1000.00' });
    expect(await refusalOf(investor.call('OrderService/PlaceOrder', request))).toEqual(first);
  });
});
