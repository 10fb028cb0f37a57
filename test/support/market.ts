/** Instruments that a test has to itself. */

import { type Investor, limitTerms, logIn } from './investor.ts';
import type { SharedSystem } from './shared-system.ts';
import type { TestClient } from './test-client.ts';
import { eventually } from './wait.ts';

/** Logs the administrator in. */
export function logInAdmin(client: TestClient, { admin }: Pick<SharedSystem, 'admin'>): Promise<Investor> {
  return logIn(client, admin.email, admin.password);
}

/** Opens a book that nobody else trades in: tick 0.01, lot 1, reference 100.00, band 20 %. Returns its symbol. */
export async function openBook(admin: Investor): Promise<string> {
  const symbol = `T${Array.from({ length: 8 }, () => String.fromCharCode(65 + Math.floor(Math.random() * 26))).join('')}`;
  const instrument = {
    symbol,
    name: `Test ${symbol}`,
    sector: 'Test',
    tickSize: '0.01',
    lotSize: '1',
    currency: 'USD',
    bandBps: 2_000,
    referencePrice: '100.00',
  };
  await admin.call('MarketAdminService/CreateInstrument', { instrument });
  // The order service hears of a new instrument a moment after the market has it.
  await eventually(`${symbol} is traded`, async () => {
    const terms = limitTerms('BUY', symbol, '1', '100.00');
    const { refusal } = await admin.call('OrderService/PreviewOrder', { terms });
    return (refusal as { reason?: string } | undefined)?.reason?.includes('INSTRUMENT') ? undefined : true;
  });
  return symbol;
}

/** Gives shares to a person and waits until they are there. */
export async function issueShares(admin: Investor, to: Investor, symbol: string, quantity: string): Promise<void> {
  const idempotencyKey = `${to.accountId}-${symbol}-${quantity}`;
  await admin.call('LedgerAdminService/IssueShares', { idempotencyKey, accountId: to.accountId, symbol, quantity });
}
