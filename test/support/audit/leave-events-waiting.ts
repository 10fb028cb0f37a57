import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { Investor } from '../investor.ts';
import { limitTerms, orderOnce, placeOrder, registerInvestor, testPassword } from '../investor.ts';
import { issueShares, setConditions } from '../market.ts';
import type { TestClient } from '../test-client.ts';
import type { Databases } from './corrupt-row.ts';
import { unheardOf, unreadAmount, waitingAmount, waitingName, waitingPrice } from './corruptions-of-events.ts';

/** The stores whose events stay in their outboxes. */
const publishers = ['ledger', 'order', 'auto', 'user'];

/**
 * From now on no message reaches anyone: a deposit stays on the bus, as it is always another consumer's turn, and then all events in their outboxes,
 * as it is always another relay's. A deposit, a trade, orders that rest and end, an alert, new conditions and a new account leave some there.
 */
export async function leaveEventsWaiting(
  { client, admin, databases }: { client: TestClient; admin: Investor; databases: Databases },
  symbol: string,
): Promise<void> {
  const [buyer, seller] = [await registerInvestor(client), await registerInvestor(client)];
  await issueShares(admin, seller, symbol, '100');
  await leaveOnBus(buyer, databases);
  for (const store of publishers) await holdOutbox(databases, store);
  await raiseAlert(buyer, symbol);
  await buyer.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: waitingAmount });
  const sale = await placeOrder(seller, limitTerms('SELL', symbol, '3', waitingPrice));
  await placeOrder(buyer, limitTerms('BUY', symbol, '3', waitingPrice));
  await orderOnce(seller, sale.orderId, 'FILLED');
  await placeOrder(buyer, limitTerms('BUY', symbol, '1', '90.01'));
  const ended = await placeOrder(buyer, limitTerms('BUY', symbol, '1', '90.02'));
  await buyer.call('OrderService/CancelOrder', { orderId: ended.orderId });
  await orderOnce(buyer, ended.orderId, 'CANCELLED');
  const registration = {
    idempotencyKey: randomUUID(),
    email: `${unheardOf}${randomUUID()}@example.com`,
    password: testPassword,
    displayName: 'Waits for a Greeting',
  };
  const { userId } = await client.call('UserService/Register', registration);
  // Not those of a person with copies: the round that compares copies would store newer ones while a test changes rows.
  await setConditions(admin, { accountId: userId as string }, { openOrdersMax: 77 });
  await eventually(async () => {
    const counts = await Promise.all(publishers.map((store) => countWaiting(databases, store)));
    const [ledger = 0, order = 0, auto = 0, user = 0] = counts;
    expect([ledger > 0, order > 4, auto > 1, user > 2]).toEqual([true, true, true, true]);
  });
}

async function leaveOnBus(person: Investor, databases: Databases): Promise<void> {
  const bus = await databases.of('bus');
  await bus.query(
    `UPDATE bus.queue SET holder = 'test', token = token + 1, expire_time = clock_timestamp() + interval '1 hour'
     WHERE name = 'notification.facts'`,
  );
  await person.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: unreadAmount });
  // Where the queue is, is stored with its next read, so that its position says nothing here.
  await eventually(async () => {
    const { rows } = await bus.query(
      `SELECT count(*)::int AS count FROM bus.log WHERE position(convert_to($1, 'UTF8') IN payload) > 0`,
      [unreadAmount],
    );
    expect(rows[0].count).toBe(1);
  });
}

/** An alert that the next trade raises. */
async function raiseAlert(person: Investor, symbol: string): Promise<void> {
  const condition = { symbol, direction: 'PRICE_DIRECTION_AT_OR_ABOVE', price: '90.00' };
  const terms = { name: waitingName, condition, alert: { note: 'a trade' } };
  await person.call('AutoService/CreateRule', { idempotencyKey: randomUUID(), terms });
}

async function holdOutbox(databases: Databases, store: string): Promise<void> {
  const client = await databases.of(store);
  await client.query(
    `INSERT INTO platform.lease AS lease (name, holder, token, expire_time) VALUES ('outcry.outbox', 'test', 1, 'infinity')
     ON CONFLICT (name) DO UPDATE SET holder = 'test', token = lease.token + 1, expire_time = 'infinity'`,
  );
}

async function countWaiting(databases: Databases, store: string): Promise<number> {
  const client = await databases.of(store);
  const { rows } = await client.query('SELECT count(*)::int AS count FROM platform.outbox');
  return rows[0].count;
}
