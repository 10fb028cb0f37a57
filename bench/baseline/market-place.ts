/** Sets up the accounts, the cash and the books of a run, through the public RPCs. */
import { createGatewayCall, type GatewayCall, logIn } from '../../supervisor/index.ts';
import {
  type AdministratorCall,
  generousConditions,
  inParallel,
  issueShares,
  openBook,
  type RegisteredAccount,
  registerAccount,
} from '../../supervisor/testing/index.ts';

/** An account that places orders, with its access token. */
export type Trader = RegisteredAccount;

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
const callTimeoutMs = 60_000;
// Limits that are never reached: a refused order says nothing about throughput.
const conditions = generousConditions('bench');

/** Registers accounts with cash and shares, and opens books: tick 0.01, lot 1, reference price 100.00, no price band. */
export async function openMarketPlace(options: MarketPlaceOptions): Promise<MarketPlace> {
  const { gatewayUrl, administrator, prefix = 'BENCH', symbolsEach = options.symbols } = options;
  const call = createGatewayCall(gatewayUrl, { timeoutMs: callTimeoutMs });
  const names = Array.from({ length: options.symbols }, (_, index) => `${prefix}${index}`);
  await inParallel(names, (symbol) => openBook(administrator, { symbol, name: `Bench ${symbol}` }), callersMax);
  const indices = Array.from({ length: options.traders }, (_, index) => index);
  const email = (index: number) => `${prefix.toLowerCase()}-${index}@example.com`;
  const traders = await inParallel(indices, (index) => register(call, administrator, email(index)), callersMax);
  const each = Math.min(symbolsEach, names.length);
  const symbolsByTrader = indices.map((trader) =>
    Array.from({ length: each }, (_, offset) => names[(trader * each + offset) % names.length] as string),
  );
  const symbolsOf = (trader: number) => symbolsByTrader[trader] ?? [];
  const grants = traders.flatMap(({ accountId }, trader) => symbolsOf(trader).map((symbol) => ({ accountId, symbol })));
  const issue = { quantity: shares, keyPrefix: 'bench' };
  await inParallel(grants, (grant) => issueShares(administrator, { ...grant, ...issue }), callersMax);
  return { traders, symbols: names, symbolsOf };
}

/** Logs every trader in again: an access token lasts ten minutes. */
export async function renewTokens(gatewayUrl: string, traders: readonly Trader[]): Promise<Trader[]> {
  const call = createGatewayCall(gatewayUrl, { timeoutMs: callTimeoutMs });
  const renew = async (trader: Trader) => ({ ...trader, token: await logIn(call, trader.email, password) });
  return inParallel(traders, renew, callersMax);
}

async function register(call: GatewayCall, administrator: AdministratorCall, email: string): Promise<Trader> {
  const trader = await registerAccount({ call, administrator }, { email, password, conditions });
  await call('outcry.ledger.v1.LedgerService/Deposit', { idempotencyKey: 'bench', amount: cash }, trader.token);
  return trader;
}
