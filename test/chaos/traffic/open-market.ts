/** The people and the books of a run, made through the public contracts before anything goes wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createGatewayCall, type GatewayCall, logIn } from '../../../supervisor/index.ts';
import {
  type AdministratorCall,
  generousConditions,
  inParallel,
  issueShares,
  openBook,
  type RegisteredAccount,
  type RunningSystem,
  registerAccount,
} from '../../../supervisor/testing/index.ts';
import { centsOf, microsOf } from './operations.ts';

/** A person with an account. */
export type User = RegisteredAccount;

/** What the run begins with. */
export type Market = {
  users: User[];
  symbols: string[];
  /** Given to each user at the start: cash in cents, shares of each symbol in millionths. */
  cashCents: bigint;
  sharesMicros: bigint;
};

const password = 'chaos trader 7 of the house';
const generous = { cash: '10000000.00', shares: '100000' };
const callTimeoutMs = 60_000;
const callersMax = 4;
const conditions = generousConditions('chaos');

/** How many of each. */
export type MarketOptions = {
  users: number;
  symbols: number;
  /** Open orders that the last user may have, so that a limit is met; default as all others. */
  limitedOpenOrders?: number;
  /** What each user gets: cash, and shares of each book, both decimal. Default: 10,000,000.00 and 100,000. */
  cash?: string;
  shares?: string;
};

/** Registers users, with cash and shares of every book: tick 0.01, lot 1, reference price 100.00, no price band. */
export async function openMarket(
  system: RunningSystem,
  { users: userCount, symbols: symbolCount, limitedOpenOrders, ...given }: MarketOptions,
): Promise<Market> {
  const funds = { ...generous, ...given };
  const call = createGatewayCall(system.gatewayUrl, { timeoutMs: callTimeoutMs });
  const token = await logIn(call, system.admin.email, system.admin.password);
  const administrator: AdministratorCall = (method, request) => call(method, request, token);
  const symbols = Array.from({ length: symbolCount }, (_, index) => `CHAOS${index}`);
  for (const symbol of symbols) await openBook(administrator, { symbol, name: `Chaos ${symbol}` });
  const numbers = Array.from({ length: userCount }, (_, index) => index);
  const openOrdersMaxOf = (number: number) =>
    number === userCount - 1 ? (limitedOpenOrders ?? conditions.openOrdersMax) : conditions.openOrdersMax;
  const make = (number: number) => {
    const user = { email: `chaos-${number}@example.com`, symbols, openOrdersMax: openOrdersMaxOf(number), ...funds };
    return makeUser(call, administrator, user);
  };
  const users = await inParallel(numbers, make, callersMax);
  return { users, symbols, cashCents: centsOf(funds.cash), sharesMicros: microsOf(funds.shares) };
}

/** Opens a session again: an access token lasts ten minutes. */
export function renewToken(gatewayUrl: string, { email }: User): Promise<string> {
  return logIn(createGatewayCall(gatewayUrl, { timeoutMs: callTimeoutMs }), email, password);
}

type UserOptions = { email: string; symbols: readonly string[]; openOrdersMax: number; cash: string; shares: string };

async function makeUser(
  call: GatewayCall,
  administrator: AdministratorCall,
  { email, symbols, openOrdersMax, cash, shares }: UserOptions,
): Promise<User> {
  const registration = { email, password, conditions: { ...conditions, openOrdersMax } };
  const user = await registerAccount({ call, administrator }, registration);
  await depositCash(call, user.token, cash);
  const { accountId } = user;
  for (const symbol of symbols)
    await issueShares(administrator, { accountId, symbol, quantity: shares, keyPrefix: 'open' });
  return user;
}

/** How the keys of the deposits begin that are made before the run. */
export const openingKey = 'opening-';

const ledger = 'outcry.ledger.v1.LedgerService';
const depositsMax = 20;

/** Deposits cash, again under another key when the provider refuses: now and then it does. */
async function depositCash(call: GatewayCall, token: string, cash: string): Promise<void> {
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
