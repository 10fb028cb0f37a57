/** A day of an investor, from registration to withdrawal, through one kind of client. */
import { randomUUID } from 'node:crypto';
import { assert, expect } from 'vitest';
import { CASH_SCALE, PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { firstOf } from './first-of.ts';
import {
  balancesOf,
  type Investor,
  limitTerms,
  logIn,
  marketTerms,
  orderOnce,
  placeOrder,
  registerInvestor,
} from './investor.ts';
import type { TestClient } from './test-client.ts';

type QuoteJson = { symbol: string; bidPrice?: string; askPrice?: string; lastPrice?: string };
type Credentials = { email: string; password: string };

const deposit = '50000.00';
const bought = '20';
const patience = { timeoutMs: 30_000 };
const auditMsMax = 90_000;

/** Runs the day and expects of each step what an investor would; ends with a clean audit by `admin`, who may have a client of their own. */
export async function liveInvestorsDay(
  client: TestClient,
  admin: Credentials,
  symbol: string,
  adminClient: TestClient = client,
): Promise<void> {
  const investor = await registerInvestor(client, deposit);
  expect((await balancesOf(investor)).cash?.total).toBe(deposit);
  const quote = await watchPrices(client, symbol);
  await buyAtMarket(investor, symbol, bought);
  await restAndCancel(investor, symbol, quote);
  await seeRevaluation(investor, symbol);
  await readFillMail(investor);
  await letRecurringOrderRun(investor, symbol);
  await readAnalytics(client, symbol);
  await sellAll(investor, symbol);
  await withdraw(investor);
  await audit(adminClient, admin);
}

async function watchPrices(client: TestClient, symbol: string): Promise<QuoteJson> {
  let changes = 0;
  return firstOf(
    `two-sided quotes of ${symbol} that change`,
    (signal) => client.stream('MarketService/StreamQuotes', { symbols: [symbol] }, { signal }),
    (message) => {
      const { snapshot, quote } = message as { snapshot?: { quotes?: QuoteJson[] }; quote?: QuoteJson };
      const latest = quote ?? snapshot?.quotes?.[0];
      changes += 1;
      return changes >= 3 && latest?.bidPrice && latest.askPrice ? latest : undefined;
    },
  );
}

/** Waits until the book has more than twice the quantity: it may have less for a moment, and what is not filled at once is cancelled. */
async function untilDeep(investor: Investor, symbol: string, side: 'bids' | 'asks', quantity: string): Promise<void> {
  await eventually(async () => {
    const { depth } = await investor.call('MarketService/GetDepth', { symbol, levels: 10 });
    const { [side]: levels = [] } = depth as { [side in 'bids' | 'asks']?: { quantity: string }[] };
    expect(levels.reduce((sum, level) => sum + Number(level.quantity), 0)).toBeGreaterThan(2 * Number(quantity));
  }, patience);
}

async function buyAtMarket(investor: Investor, symbol: string, quantity: string): Promise<void> {
  await untilDeep(investor, symbol, 'asks', quantity);
  const { orderId } = await placeOrder(investor, marketTerms('BUY', symbol, quantity));
  const order = await orderOnce(investor, orderId, 'FILLED');
  expect(order.filledQuantity).toBe(quantity);
  await eventually(async () => {
    const { sharesOf } = await balancesOf(investor);
    expect(Number(sharesOf(symbol)?.total)).toBe(Number(quantity));
  }, patience);
}

async function restAndCancel(investor: Investor, symbol: string, quote: QuoteJson): Promise<void> {
  // Far enough below the market not to be filled, and on any tick that divides a whole unit of the currency.
  const price = `${Math.max(1, Math.floor(Number(quote.bidPrice) * 0.9))}.00`;
  const before = await balancesOf(investor);
  const { orderId } = await placeOrder(investor, limitTerms('BUY', symbol, '2', price));
  await orderOnce(investor, orderId, 'OPEN');
  const during = await balancesOf(investor);
  expect(Number(during.cash?.held)).toBeGreaterThanOrEqual(2 * Number(price));
  const { holds } = (await investor.call('LedgerService/ListHolds')) as { holds?: { orderId: string }[] };
  expect(holds?.map((hold) => hold.orderId)).toEqual([orderId]);
  await investor.call('OrderService/CancelOrder', { orderId });
  await orderOnce(investor, orderId, 'CANCELLED');
  await eventually(async () => {
    const { cash } = await balancesOf(investor);
    expect(cash).toMatchObject({ held: '0.00', available: before.cash?.available });
  }, patience);
}

async function seeRevaluation(investor: Investor, symbol: string): Promise<void> {
  const values = new Set<string>();
  await firstOf(
    'the position is revalued',
    (signal) => investor.stream('PortfolioService/StreamValuation', {}, signal),
    ({ portfolio }) => {
      const { positions = [] } = (portfolio ?? {}) as { positions?: { symbol: string; marketValue?: string }[] };
      const value = positions.find((position) => position.symbol === symbol)?.marketValue;
      if (value !== undefined) values.add(value);
      return values.size >= 2 ? true : undefined;
    },
    60_000,
  );
}

async function readFillMail(investor: Investor): Promise<void> {
  await eventually(async () => {
    const { mails = [] } = (await investor.call('MailboxService/ListMails')) as { mails?: { subject: string }[] };
    expect(mails.map(({ subject }) => subject)).toContainEqual(expect.stringMatching(/filled/i));
  }, patience);
}

async function letRecurringOrderRun(investor: Investor, symbol: string): Promise<void> {
  const amount = '50.00';
  const terms = {
    name: `${amount} every five seconds`,
    schedule: { cron: '*/5 * * * * *', timeZone: 'Europe/Zurich' },
    order: { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', amount },
  };
  const created = await investor.call('AutoService/CreateRule', { idempotencyKey: randomUUID(), terms });
  const { ruleId } = created.rule as { ruleId: string };
  const run = await eventually(async () => {
    const { runs = [] } = (await investor.call('AutoService/ListRuns', { ruleId })) as {
      runs?: { outcome: string; orderId: string }[];
    };
    const done = runs.find(({ outcome }) => outcome === 'RUN_OUTCOME_DONE');
    assert(done, `the recurring order has not run: ${JSON.stringify(runs)}`);
    return done;
  }, patience);
  await investor.call('AutoService/SetRuleEnabled', { ruleId, enabled: false });
  const order = await orderOnce(investor, run.orderId, 'FILLED');
  // A fraction of a share, in ten-thousandths, that cost no more than the amount with its fee.
  const part = parseDecimal(order.filledQuantity ?? '', QUANTITY_SCALE);
  expect([part > 0n, part % 1_000_000n === 0n, part % 100n]).toEqual([true, false, 0n]);
  const cost = parseDecimal(order.averageFillPrice ?? '', PRICE_SCALE) * part;
  const spent = cost + parseDecimal(order.fees ?? '', CASH_SCALE) * 1_000_000n;
  expect(spent <= parseDecimal(amount, CASH_SCALE) * 1_000_000n).toBe(true);
  await untilRunsSettled(investor, symbol, ruleId);
}

/** Waits until what each run of the rule has bought is the investor's: on a busy machine there is more than one before it is paused. */
async function untilRunsSettled(investor: Investor, symbol: string, ruleId: string): Promise<void> {
  await eventually(async () => {
    const { runs } = (await investor.call('AutoService/ListRuns', { ruleId })) as {
      runs: { outcome: string; orderId?: string }[];
    };
    expect(runs.map(({ outcome }) => outcome)).not.toContain('RUN_OUTCOME_PENDING');
    let total = parseDecimal(bought, QUANTITY_SCALE);
    for (const { orderId } of runs.filter((run) => run.orderId)) {
      const { order } = (await investor.call('OrderService/GetOrder', { orderId: orderId ?? '' })) as {
        order: { filledQuantity?: string };
      };
      total += parseDecimal(order.filledQuantity || '0', QUANTITY_SCALE);
    }
    const { sharesOf } = await balancesOf(investor);
    expect(parseDecimal(sharesOf(symbol)?.total ?? '0', QUANTITY_SCALE)).toBe(total);
  }, patience);
}

async function readAnalytics(client: TestClient, symbol: string): Promise<void> {
  const request = { symbol, kind: 'INDICATOR_KIND_SMA', interval: 'CANDLE_INTERVAL_1S', length: 2 };
  await eventually(async () => {
    const { points = [] } = (await client.call('AnalyticsService/GetIndicator', request)) as {
      points?: { value: string }[];
    };
    assert(
      points.some(({ value }) => Number(value) > 0),
      'there is no moving average',
    );
  }, patience);
  await eventually(async () => {
    const { list } = (await client.call('AnalyticsService/ListMovers', {
      ranking: 'MOVER_RANKING_GAINERS',
    })) as { list?: { movers?: unknown[] } };
    assert(list?.movers?.[0], 'there are no top gainers');
  }, patience);
}

async function sellAll(investor: Investor, symbol: string): Promise<void> {
  const quantity = await eventually(async () => {
    const shares = (await balancesOf(investor)).sharesOf(symbol);
    assert(shares?.held === '0', 'shares are still held');
    return shares.available;
  }, patience);
  await untilDeep(investor, symbol, 'bids', quantity);
  const { orderId } = await placeOrder(investor, marketTerms('SELL', symbol, quantity));
  await orderOnce(investor, orderId, 'FILLED');
  await eventually(async () => {
    const { portfolio } = (await investor.call('PortfolioService/GetPortfolio')) as {
      portfolio?: { positions?: { symbol: string; quantity: string; realizedPnl: string }[] };
    };
    const position = portfolio?.positions?.find((one) => one.symbol === symbol);
    expect(position?.quantity).toBe('0');
    expect(Number(position?.realizedPnl)).not.toBe(0);
  }, patience);
}

async function withdraw(investor: Investor): Promise<void> {
  const before = (await balancesOf(investor)).cash;
  await investor.call('LedgerService/Withdraw', { idempotencyKey: randomUUID(), amount: '1000.00' });
  const after = (await balancesOf(investor)).cash;
  expect(micros(before?.total) - micros(after?.total)).toBe(1_000_000_000n);
}

/** Expects a full pass of the audit to find nothing; on a busy machine it takes longer than a call for one answer may. */
export async function audit(client: TestClient, administrator: Credentials): Promise<void> {
  expect(await runFullPass(client, administrator)).toMatchObject({ findings: [], verdict: { clean: true } });
}

/** A full pass of the audit, with its first 100 findings. */
export async function runFullPass(client: TestClient, { email, password }: Credentials) {
  const admin = await logIn(client, email, password);
  const findings: unknown[] = [];
  const verdict = await firstOf(
    'the verdict of the audit',
    (signal) => admin.stream('AuditService/RunAudit', { findingsMax: 100 }, signal),
    ({ finding, verdict: found }) => {
      if (finding !== undefined) findings.push(finding);
      return found;
    },
    auditMsMax,
  );
  return { findings, verdict };
}

function micros(amount: string | undefined): bigint {
  return parseDecimal(amount ?? '0.00', CASH_SCALE);
}
