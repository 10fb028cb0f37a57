/** Sets up the accounts, the cash and the books of a run, through the public RPCs. */
import { pause } from '#platform/time/pause.ts';
import { createGatewayCall, type GatewayCall, logIn } from '../../supervisor/index.ts';
import type { AdministratorCall } from '../system/administrator.ts';

/** An account that places orders, with its access token. */
export type Trader = { accountId: string; email: string; token: string };

/** The accounts and the books of a run. */
export type MarketPlace = {
  traders: Trader[];
  symbols: string[];
  /** The symbols that a trader, by number, has shares of. */
  symbolsOf(trader: number): readonly string[];
};

/** What to make. */
export type MarketPlaceOptions = {
  gatewayUrl: string;
  administrator: AdministratorCall;
  traders: number;
  symbols: number;
  /** Symbols that each trader gets shares of; default all. */
  symbolsEach?: number;
  /** Begins every symbol, e-mail address and key, so that a system may have several; capitals, at most 8. */
  prefix?: string;
};

const password = 'bench trader 7 of the house';
const cash = '100000000.00';
const shares = '1000000';
const callersMax = 8;
const openTimeoutMs = 30_000;
const callTimeoutMs = 60_000;
// Limits that are never reached: a refused order says nothing about throughput.
const conditions = {
  feePlan: { name: 'bench', makerBps: 2, takerBps: 5 },
  openOrdersMax: 10_000,
  ordersPerSecondMax: 10_000,
  marketOrdersPermitted: true,
};

/** Registers accounts with cash and shares, and opens books: tick 0.01, lot 1, reference price 100.00, no price band. */
export async function openMarketPlace(options: MarketPlaceOptions): Promise<MarketPlace> {
  const { gatewayUrl, administrator, prefix = 'BENCH', symbolsEach = options.symbols } = options;
  const call = createGatewayCall(gatewayUrl, { timeoutMs: callTimeoutMs });
  const names = Array.from({ length: options.symbols }, (_, index) => `${prefix}${index}`);
  await inParallel(names, (symbol) => openBook(administrator, symbol));
  const indices = Array.from({ length: options.traders }, (_, index) => index);
  const email = (index: number) => `${prefix.toLowerCase()}-${index}@example.com`;
  const traders = await inParallel(indices, (index) => register(call, administrator, email(index)));
  const each = Math.min(symbolsEach, names.length);
  const symbolsByTrader = indices.map((trader) =>
    Array.from({ length: each }, (_, offset) => names[(trader * each + offset) % names.length] as string),
  );
  const symbolsOf = (trader: number) => symbolsByTrader[trader] ?? [];
  const grants = traders.flatMap(({ accountId }, trader) => symbolsOf(trader).map((symbol) => ({ accountId, symbol })));
  await inParallel(grants, (grant) => issueShares(administrator, grant));
  return { traders, symbols: names, symbolsOf };
}

/** Logs every trader in again: an access token lasts ten minutes. */
export async function renewTokens(gatewayUrl: string, traders: readonly Trader[]): Promise<Trader[]> {
  const call = createGatewayCall(gatewayUrl, { timeoutMs: callTimeoutMs });
  return inParallel(traders, async (trader) => ({ ...trader, token: await logIn(call, trader.email, password) }));
}

/** Opens a book and resolves when it trades. */
export async function openBook(administrator: AdministratorCall, symbol: string): Promise<void> {
  const instrument = {
    symbol,
    name: `Bench ${symbol}`,
    tickSize: '0.01',
    lotSize: '1',
    currency: 'USD',
    referencePrice: '100.00',
  };
  await administrator('outcry.market.v1.MarketAdminService/CreateInstrument', { instrument });
  for (const deadlineMs = performance.now() + openTimeoutMs; ; await pause(50)) {
    const answer = await administrator('outcry.market.v1.MarketService/GetInstrument', { symbol });
    if ((answer.instrument as { state?: string }).state === 'TRADING_STATE_CONTINUOUS') return;
    if (performance.now() > deadlineMs) throw new Error(`${symbol} is not open after ${openTimeoutMs} ms`);
  }
}

async function register(call: GatewayCall, administrator: AdministratorCall, email: string): Promise<Trader> {
  const registration = { idempotencyKey: email.replace('@', ':'), email, password, displayName: email };
  const { userId } = await call('outcry.user.v1.UserService/Register', registration);
  const accountId = String(userId);
  await administrator('outcry.user.v1.UserAdminService/SetConditions', { userId: accountId, conditions });
  const token = await logIn(call, email, password);
  await call('outcry.ledger.v1.LedgerService/Deposit', { idempotencyKey: 'bench', amount: cash }, token);
  return { accountId, email, token };
}

/** Gives an account a million shares, once. */
export async function issueShares(
  administrator: AdministratorCall,
  grant: { accountId: string; symbol: string },
): Promise<void> {
  const idempotencyKey = `bench-${grant.accountId}-${grant.symbol}`;
  await administrator('outcry.ledger.v1.LedgerAdminService/IssueShares', {
    ...grant,
    idempotencyKey,
    quantity: shares,
  });
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: callersMax }, worker));
  return results;
}
