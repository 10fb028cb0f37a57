/** People, money and books of the bench's own, made through the public RPCs like anyone's. */
import { pause } from '#platform/time/pause.ts';
import { createGatewayCall, type GatewayCall, logIn } from '../../supervisor/index.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { type AdministratorCall, logInAdministrator } from '../system/administrator.ts';

/** A person who trades. */
export type Trader = { accountId: string; token: string };

/** Who trades what. */
export type MarketPlace = { traders: Trader[]; symbols: string[] };

const password = 'bench trader 7 of the house';
const cash = '100000000.00';
const shares = '1000000';
const callersMax = 8;
const openTimeoutMs = 30_000;
// Limits that are never met: refusals by limit are another thing than throughput.
const conditions = {
  feePlan: { name: 'bench', makerBps: 2, takerBps: 5 },
  openOrdersMax: 10_000,
  ordersPerSecondMax: 10_000,
  marketOrdersPermitted: true,
};

/** Registers people with cash and shares, and opens books: tick 0.01, lot 1, reference price 100.00, no price band. */
export async function openMarketPlace(
  system: RunningSystem,
  { traders, symbols }: { traders: number; symbols: number },
): Promise<MarketPlace> {
  const administrator = await logInAdministrator(system);
  const call = createGatewayCall(system.gatewayUrl);
  const names = Array.from({ length: symbols }, (_, index) => `BENCH${index}`);
  await inParallel(names, (symbol) => openBook(administrator, symbol));
  const indices = Array.from({ length: traders }, (_, index) => index);
  const people = await inParallel(indices, (index) => register(call, administrator, index));
  const grants = people.flatMap(({ accountId }) => names.map((symbol) => ({ accountId, symbol })));
  await inParallel(grants, (grant) => issueShares(administrator, grant));
  return { traders: people, symbols: names };
}

async function openBook(administrator: AdministratorCall, symbol: string): Promise<void> {
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

async function register(call: GatewayCall, administrator: AdministratorCall, index: number): Promise<Trader> {
  const email = `bench-${index}@example.com`;
  const answer = await call('outcry.user.v1.UserService/Register', {
    idempotencyKey: `bench-${index}`,
    email,
    password,
    displayName: `Bench ${index}`,
  });
  const accountId = String(answer.userId);
  await administrator('outcry.user.v1.UserAdminService/SetConditions', { userId: accountId, conditions });
  const token = await logIn(call, email, password);
  await call('outcry.ledger.v1.LedgerService/Deposit', { idempotencyKey: 'bench', amount: cash }, token);
  return { accountId, token };
}

async function issueShares(
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
