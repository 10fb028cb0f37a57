/** Instruments that a test has to itself. */

import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type Investor, limitTerms, logIn } from './investor.ts';
import type { SharedSystem } from './shared-system.ts';
import type { TestClient } from './test-client.ts';

/** Logs the administrator in. */
export function logInAdmin(client: TestClient, { admin }: Pick<SharedSystem, 'admin'>): Promise<Investor> {
  return logIn(client, admin.email, admin.password);
}

/** Opens a book for one test alone: tick 0.01, lot 1, reference 100.00, band 20 %, but for what is stated. Returns its symbol. */
export async function openBook(admin: Investor, changes: JsonObject = {}): Promise<string> {
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
    ...changes,
  };
  await admin.call('MarketAdminService/CreateInstrument', { instrument });
  // The order service reads a new instrument a moment after the market has it.
  await eventually(async () => {
    const terms = limitTerms('BUY', symbol, '1', '100.00');
    const { refusal } = await admin.call('OrderService/PreviewOrder', { terms });
    expect((refusal as { reason?: string } | undefined)?.reason ?? '').not.toContain('INSTRUMENT');
  });
  return symbol;
}

/** Gives shares to a person. */
export async function issueShares(admin: Investor, to: Investor, symbol: string, quantity: string): Promise<void> {
  const idempotencyKey = `${to.accountId}-${symbol}-${quantity}`;
  await admin.call('LedgerAdminService/IssueShares', { idempotencyKey, accountId: to.accountId, symbol, quantity });
}

/** Changes some of an account's trading conditions and leaves the others as they are. */
export async function setConditions(
  admin: Investor,
  { accountId: userId }: Pick<Investor, 'accountId'>,
  changes: JsonObject,
): Promise<void> {
  const { user } = (await admin.call('UserAdminService/GetUser', { userId })) as { user: { conditions: JsonObject } };
  const conditions = { ...user.conditions, ...changes };
  await admin.call('UserAdminService/SetConditions', { userId, conditions });
}
