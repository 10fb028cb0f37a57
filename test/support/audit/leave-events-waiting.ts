import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { Investor } from '../investor.ts';
import { limitTerms, orderOnce, placeOrder, registerInvestor } from '../investor.ts';
import { issueShares } from '../market.ts';
import type { TestClient } from '../test-client.ts';
import type { Databases } from './corrupt-row.ts';
import { waitingAmount, waitingPrice } from './corruptions.ts';

/**
 * From now on the events of ledger and order service stay in their outboxes: it is always another relay's turn. A deposit and a trade
 * leave some there.
 */
export async function leaveEventsWaiting(
  { client, admin, databases }: { client: TestClient; admin: Investor; databases: Databases },
  symbol: string,
): Promise<void> {
  const [buyer, seller] = [await registerInvestor(client), await registerInvestor(client)];
  await issueShares(admin, seller, symbol, '100');
  for (const store of ['ledger', 'order']) await holdOutbox(databases, store);
  await buyer.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: waitingAmount });
  const sale = await placeOrder(seller, limitTerms('SELL', symbol, '3', waitingPrice));
  await placeOrder(buyer, limitTerms('BUY', symbol, '3', waitingPrice));
  await orderOnce(seller, sale.orderId, 'FILLED');
  await eventually(async () => {
    expect(await countWaiting(databases, 'ledger')).toBeGreaterThan(0);
    expect(await countWaiting(databases, 'order')).toBeGreaterThan(2);
  });
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
