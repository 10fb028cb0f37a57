/** Books, accounts and shares for tests and benches, made through the public contracts. What is there already is left as it is. */
import { pause } from '#platform/time/pause.ts';
import { type GatewayCall, type JsonObject, logIn } from '../client/gateway-client.ts';

/** Calls an RPC of the public contracts as an administrator. */
export type AdministratorCall = (method: string, request: Record<string, unknown>) => ReturnType<GatewayCall>;

/** An account, with the access token of its owner. It lasts ten minutes. */
export type RegisteredAccount = { accountId: string; email: string; token: string };

const openTimeoutMs = 60_000;
const pollMs = 50;

/** Opens a book and resolves when it trades: tick 0.01, lot 1, reference price 100.00, no price band. Rejects after a minute. */
export async function openBook(
  administrator: AdministratorCall,
  { symbol, name }: { symbol: string; name: string },
): Promise<void> {
  const terms = { tickSize: '0.01', lotSize: '1', currency: 'USD', referencePrice: '100.00' };
  await administrator('outcry.market.v1.MarketAdminService/CreateInstrument', {
    instrument: { symbol, name, ...terms },
  });
  for (const deadlineMs = performance.now() + openTimeoutMs; ; await pause(pollMs)) {
    // Another replica of the market may not know it yet.
    const answer = await administrator('outcry.market.v1.MarketService/GetInstrument', { symbol }).catch(() => ({}));
    const { instrument } = answer as { instrument?: { state?: string } };
    if (instrument?.state === 'TRADING_STATE_CONTINUOUS') return;
    if (performance.now() > deadlineMs) throw new Error(`${symbol} is not open after ${openTimeoutMs} ms`);
  }
}

/** Registers an account with these trading conditions, and logs its owner in. */
export async function registerAccount(
  { call, administrator }: { call: GatewayCall; administrator: AdministratorCall },
  { email, password, conditions }: { email: string; password: string; conditions: JsonObject },
): Promise<RegisteredAccount> {
  const registration = { idempotencyKey: email.replace('@', ':'), email, password, displayName: email };
  const { userId } = await call('outcry.user.v1.UserService/Register', registration);
  const accountId = String(userId);
  await administrator('outcry.user.v1.UserAdminService/SetConditions', { userId: accountId, conditions });
  return { accountId, email, token: await logIn(call, email, password) };
}

/** Gives an account shares, once for each prefix of the key. */
export async function issueShares(
  administrator: AdministratorCall,
  {
    accountId,
    symbol,
    quantity,
    keyPrefix,
  }: { accountId: string; symbol: string; quantity: string; keyPrefix: string },
): Promise<void> {
  const idempotencyKey = `${keyPrefix}-${accountId}-${symbol}`;
  const request = { idempotencyKey, accountId, symbol, quantity };
  await administrator('outcry.ledger.v1.LedgerAdminService/IssueShares', request);
}

/** Limits that traffic never reaches. */
export function generousConditions(feePlan: string) {
  return {
    feePlan: { name: feePlan, makerBps: 2, takerBps: 5 },
    openOrdersMax: 10_000,
    ordersPerSecondMax: 10_000,
    marketOrdersPermitted: true,
  };
}

/** The results of work for each item, in their order, with so much of it at once. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  callersMax: number,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: callersMax }, worker));
  return results;
}
