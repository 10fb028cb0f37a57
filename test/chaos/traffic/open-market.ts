/** The people and the books of a run, made through the public contracts before anything goes wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createGatewayCall, type GatewayCall, logIn } from '../../../supervisor/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';

/** A person with an account. */
export type User = { accountId: string; email: string; token: string };

/** What the run begins with. */
export type Market = {
  users: User[];
  symbols: string[];
  /** Given to each user at the start: cash in cents, shares of each symbol in millionths. */
  cashCents: bigint;
  sharesMicros: bigint;
};

const password = 'chaos trader 7 of the house';
const cash = '10000000.00';
const shares = '100000';
const callTimeoutMs = 60_000;
const openTimeoutMs = 60_000;
const callersMax = 4;
const conditions = {
  feePlan: { name: 'chaos', makerBps: 2, takerBps: 5 },
  openOrdersMax: 10_000,
  ordersPerSecondMax: 10_000,
  marketOrdersPermitted: true,
};

/** How many of each. */
export type MarketOptions = {
  users: number;
  symbols: number;
  /** Open orders that the last user may have, so that a limit is met; default as all others. */
  limitedOpenOrders?: number;
};

/** Registers users, with cash and shares of every book: tick 0.01, lot 1, reference price 100.00, no price band. */
export async function openMarket(
  system: RunningSystem,
  { users: userCount, symbols: symbolCount, limitedOpenOrders }: MarketOptions,
): Promise<Market> {
  const call = createGatewayCall(system.gatewayUrl, { timeoutMs: callTimeoutMs });
  const token = await logIn(call, system.admin.email, system.admin.password);
  const admin: GatewayCall = (method, request) => call(method, request, token);
  const symbols = Array.from({ length: symbolCount }, (_, index) => `CHAOS${index}`);
  for (const symbol of symbols) await openBook(admin, symbol);
  const numbers = Array.from({ length: userCount }, (_, index) => index);
  const users: User[] = [];
  const openOrdersMaxOf = (number: number) =>
    number === userCount - 1 ? (limitedOpenOrders ?? conditions.openOrdersMax) : conditions.openOrdersMax;
  const work = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift())
      users[number] = await makeUser(call, admin, {
        email: `chaos-${number}@example.com`,
        symbols,
        openOrdersMax: openOrdersMaxOf(number),
      });
  };
  await Promise.all(Array.from({ length: callersMax }, work));
  return { users, symbols, cashCents: 1_000_000_000n, sharesMicros: 100_000_000_000n };
}

/** Opens a session again: an access token lasts ten minutes. */
export function renewToken(gatewayUrl: string, { email }: User): Promise<string> {
  return logIn(createGatewayCall(gatewayUrl, { timeoutMs: callTimeoutMs }), email, password);
}

async function openBook(admin: GatewayCall, symbol: string): Promise<void> {
  const instrument = {
    symbol,
    name: `Chaos ${symbol}`,
    tickSize: '0.01',
    lotSize: '1',
    currency: 'USD',
    referencePrice: '100.00',
  };
  await admin('outcry.market.v1.MarketAdminService/CreateInstrument', { instrument });
  for (const deadlineMs = performance.now() + openTimeoutMs; ; await sleep(50)) {
    // Another replica of the market may not know it yet.
    const answer = await admin('outcry.market.v1.MarketService/GetInstrument', { symbol }).catch(() => ({}));
    const { instrument } = answer as { instrument?: { state?: string } };
    if (instrument?.state === 'TRADING_STATE_CONTINUOUS') return;
    if (performance.now() > deadlineMs) throw new Error(`${symbol} is not open after ${openTimeoutMs} ms`);
  }
}

async function makeUser(
  call: GatewayCall,
  admin: GatewayCall,
  { email, symbols, openOrdersMax }: { email: string; symbols: readonly string[]; openOrdersMax: number },
): Promise<User> {
  const registration = { idempotencyKey: email.replace('@', ':'), email, password, displayName: email };
  const { userId } = await call('outcry.user.v1.UserService/Register', registration);
  const accountId = String(userId);
  await admin('outcry.user.v1.UserAdminService/SetConditions', {
    userId: accountId,
    conditions: { ...conditions, openOrdersMax },
  });
  const token = await logIn(call, email, password);
  await depositCash(call, token);
  for (const symbol of symbols)
    await admin('outcry.ledger.v1.LedgerAdminService/IssueShares', {
      accountId,
      symbol,
      quantity: shares,
      idempotencyKey: `open-${accountId}-${symbol}`,
    });
  return { accountId, email, token };
}

/** How the keys of the deposits begin that are made before the run. */
export const openingKey = 'opening-';

const ledger = 'outcry.ledger.v1.LedgerService';
const depositsMax = 20;

/** Deposits cash, again under another key when the provider refuses: now and then it does. */
async function depositCash(call: GatewayCall, token: string): Promise<void> {
  for (let tries = 0; tries < depositsMax; tries++) {
    const key = { idempotencyKey: `${openingKey}${tries}` };
    let answer = await call(`${ledger}/Deposit`, { ...key, amount: cash }, token);
    while (statusOf(answer).endsWith('_PENDING')) {
      await sleep(100);
      answer = await call(`${ledger}/GetTransfer`, key, token);
    }
    if (statusOf(answer).endsWith('_COMPLETED')) return;
  }
  throw new Error(`${depositsMax} deposits were refused`);
}

function statusOf({ transfer }: Record<string, unknown>): string {
  return (transfer as { status?: string } | undefined)?.status ?? '';
}
