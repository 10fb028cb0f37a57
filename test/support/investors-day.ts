/** The whole life of an investor in one day, through one kind of client. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
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
import { eventually, firstOf } from './wait.ts';

type QuoteJson = { symbol: string; bidPrice?: string; askPrice?: string; lastPrice?: string };
type Credentials = { email: string; password: string };

const deposit = '50000.00';

/** Lives the day and expects each step to be as an investor would; ends with a clean audit by `admin`. */
export async function liveInvestorsDay(client: TestClient, admin: Credentials, symbol: string): Promise<void> {
  const investor = await registerInvestor(client, deposit);
  expect((await balancesOf(investor)).cash?.total).toBe(deposit);
  const quote = await watchPrices(client, symbol);
  await buyAtMarket(investor, symbol, '20');
  await restAndCancel(investor, symbol, quote);
  await seeRevaluation(investor, symbol);
  await readFillMail(investor);
  await letRecurringOrderRun(investor, symbol);
  await readAnalytics(client, symbol);
  await sellAll(investor, symbol);
  await withdraw(investor);
  await audit(client, admin);
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

async function buyAtMarket(investor: Investor, symbol: string, quantity: string): Promise<void> {
  const { orderId } = await placeOrder(investor, marketTerms('BUY', symbol, quantity));
  const order = await orderOnce(investor, orderId, 'FILLED');
  expect(order.filledQuantity).toBe(quantity);
  await eventually('the shares are settled', async () => {
    const { sharesOf } = await balancesOf(investor);
    return Number(sharesOf(symbol)?.total ?? 0) === Number(quantity) ? true : undefined;
  });
}

async function restAndCancel(investor: Investor, symbol: string, quote: QuoteJson): Promise<void> {
  // Far enough below the market that nobody sells to it, and on any tick that divides a whole unit of the currency.
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
  await eventually('the hold is released', async () => {
    const { cash } = await balancesOf(investor);
    return cash?.held === '0.00' && cash.available === before.cash?.available ? true : undefined;
  });
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
  await eventually('the mail of the fill is in the mailbox', async () => {
    const { mails = [] } = (await investor.call('MailboxService/ListMails')) as { mails?: { subject: string }[] };
    return mails.find(({ subject }) => /filled/i.test(subject));
  });
}

async function letRecurringOrderRun(investor: Investor, symbol: string): Promise<void> {
  const terms = {
    name: 'one share every five seconds',
    schedule: { cron: '*/5 * * * * *', timeZone: 'Europe/Zurich' },
    order: marketTerms('BUY', symbol, '1'),
  };
  const created = await investor.call('AutoService/CreateRule', { idempotencyKey: randomUUID(), terms });
  const { ruleId } = created.rule as { ruleId: string };
  const run = await eventually('the recurring order ran', async () => {
    const { runs = [] } = (await investor.call('AutoService/ListRuns', { ruleId })) as {
      runs?: { outcome: string; orderId: string }[];
    };
    return runs.find(({ outcome }) => outcome === 'RUN_OUTCOME_DONE');
  });
  await investor.call('AutoService/SetRuleEnabled', { ruleId, enabled: false });
  await orderOnce(investor, run.orderId, 'FILLED');
}

async function readAnalytics(client: TestClient, symbol: string): Promise<void> {
  const request = { symbol, kind: 'INDICATOR_KIND_SMA', interval: 'CANDLE_INTERVAL_1S', length: 2 };
  await eventually('there is a moving average', async () => {
    const { points = [] } = (await client.call('AnalyticsService/GetIndicator', request)) as {
      points?: { value: string }[];
    };
    return points.find(({ value }) => Number(value) > 0);
  });
  await eventually('there are top gainers', async () => {
    const { list } = (await client.call('AnalyticsService/ListMovers', {
      ranking: 'MOVER_RANKING_GAINERS',
    })) as { list?: { movers?: unknown[] } };
    return list?.movers?.[0];
  });
}

async function sellAll(investor: Investor, symbol: string): Promise<void> {
  const quantity = await eventually('all shares are settled', async () => {
    const shares = (await balancesOf(investor)).sharesOf(symbol);
    return shares !== undefined && shares.held === '0' ? shares.available : undefined;
  });
  const { orderId } = await placeOrder(investor, marketTerms('SELL', symbol, quantity));
  await orderOnce(investor, orderId, 'FILLED');
  await eventually('the gain or loss is realised', async () => {
    const { portfolio } = (await investor.call('PortfolioService/GetPortfolio')) as {
      portfolio?: { positions?: { symbol: string; quantity: string; realizedPnl: string }[] };
    };
    const position = portfolio?.positions?.find((one) => one.symbol === symbol);
    return position?.quantity === '0' && Number(position.realizedPnl) !== 0 ? true : undefined;
  });
}

async function withdraw(investor: Investor): Promise<void> {
  const before = (await balancesOf(investor)).cash;
  await investor.call('LedgerService/Withdraw', { idempotencyKey: randomUUID(), amount: '1000.00' });
  const after = (await balancesOf(investor)).cash;
  expect(cents(before?.total) - cents(after?.total)).toBe(100_000n);
}

/** Expects the audit to find nothing. */
export async function audit(client: TestClient, { email, password }: Credentials): Promise<void> {
  const admin = await logIn(client, email, password);
  const answer = await admin.call('LedgerAdminService/Audit');
  expect(answer.findings ?? []).toEqual([]);
  expect(answer.clean).toBe(true);
}

function cents(amount: string | undefined): bigint {
  return BigInt((amount ?? '0.00').replace('.', ''));
}
