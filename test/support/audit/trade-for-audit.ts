import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import {
  amountTerms,
  type Investor,
  limitTerms,
  orderOnce,
  placeOrder,
  registerInvestor,
  untilOwned,
} from '../investor.ts';
import { bracketTerms, listOf } from '../lists.ts';
import { issueShares, setConditions } from '../market.ts';
import type { TestClient } from '../test-client.ts';

/** A list that waits for its entry, one whose exits are live, and one that has ended. */
async function placeLists(client: TestClient, admin: Investor, symbol: string): Promise<void> {
  const owner = await registerInvestor(client);
  await issueShares(admin, owner, symbol, '10');
  await owner.call('OrderService/PlaceOrderList', listOf(symbol));
  const [, sale, stop] = bracketTerms(symbol) as [JsonObject, JsonObject, JsonObject];
  const exits = () => listOf(symbol, 'LIST_TYPE_OCO', [sale, stop]);
  await owner.call('OrderService/PlaceOrderList', exits());
  const { orders } = await owner.call('OrderService/PlaceOrderList', exits());
  const ended = (orders as { orderId: string }[]).map(({ orderId }) => orderId);
  await owner.call('OrderService/CancelOrder', { orderId: ended[0] ?? '' });
  for (const orderId of ended) await orderOnce(owner, orderId, 'CANCELLED');
}

/** Someone who may have no position at all. */
async function forbidPositions(client: TestClient, admin: Investor, symbol: string): Promise<void> {
  const person = await registerInvestor(client);
  await setConditions(admin, person, { positionQuantityMax: '0' });
  const terms = limitTerms('BUY', symbol, '1', '100.00');
  await eventually(async () => {
    const { refusal } = await person.call('OrderService/PreviewOrder', { terms });
    expect(refusal).toMatchObject({ reason: 'ERROR_REASON_POSITION_LIMIT_EXCEEDED' });
  });
}

async function adjust(admin: Investor, { accountId }: Investor, terms: JsonObject): Promise<void> {
  const request = { idempotencyKey: randomUUID(), accountId, reason: 'a test of the audit', ...terms };
  await admin.call('LedgerAdminService/AdjustAccount', request);
}

/** Two people trade so that each kind of row comes to be: orders and holds in every state, fills of both roles, a gain, transfers, messages. */
export async function tradeForAudit(client: TestClient, admin: Investor, symbol: string): Promise<void> {
  const [buyer, seller] = [await registerInvestor(client), await registerInvestor(client)];
  await issueShares(admin, seller, symbol, '100');
  await buyer.call('LedgerService/Withdraw', { idempotencyKey: randomUUID(), amount: '10.00' });
  await adjust(admin, seller, { asset: 'USD', amount: '1.23' });
  await adjust(admin, seller, { asset: symbol, amount: '-1' });
  const place = (person: Investor, side: 'BUY' | 'SELL', quantity: string, price: string) =>
    placeOrder(person, limitTerms(side, symbol, quantity, price));
  const sale = await place(seller, 'SELL', '10', '100.03');
  await place(buyer, 'BUY', '4', '100.03');
  const rest = await place(buyer, 'BUY', '10', '100.03');
  await orderOnce(seller, sale.orderId, 'FILLED');
  await place(seller, 'SELL', '3', '99.00');
  await untilOwned(buyer, symbol, '13');
  const back = await place(buyer, 'SELL', '2', '101.00');
  await place(seller, 'BUY', '2', '101.00');
  await orderOnce(buyer, back.orderId, 'FILLED');
  const offer = await place(seller, 'SELL', '3', '100.50');
  const byAmount = await placeOrder(buyer, amountTerms(symbol, '150.00'));
  await orderOnce(buyer, byAmount.orderId, 'FILLED');
  await seller.call('OrderService/CancelOrder', { orderId: offer.orderId });
  const withdrawn = await place(buyer, 'BUY', '2', '95.00');
  await buyer.call('OrderService/CancelOrder', { orderId: withdrawn.orderId });
  await orderOnce(buyer, withdrawn.orderId, 'CANCELLED');
  await place(seller, 'SELL', '5', '110.00');
  await expect(place(buyer, 'SELL', '50', '110.00')).rejects.toThrow('shares');
  await orderOnce(buyer, rest.orderId, 'PARTIALLY_FILLED');
  await placeLists(client, admin, symbol);
  await forbidPositions(client, admin, symbol);
  await eventually(async () => {
    const { messages = [] } = (await buyer.call('NotificationService/ListMessages')) as { messages?: unknown[] };
    expect(messages.length).toBeGreaterThan(2);
  });
}
