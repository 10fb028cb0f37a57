import { afterEach, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { services } from '../../supervisor/index.ts';
import { createTestClient } from '../support/clients.ts';
import { logIn, registerInvestor } from '../support/investor.ts';
import { onlyWithAll } from './all-only.ts';
import { administrator, ingressUrl, operatorsUrl } from './cluster.ts';
import { expectNoCanary, runCanary, versionFlags } from './run-canary.ts';
import { tradeThrough } from './trade-through.ts';

/** A read that reaches a service; the trade beside it reaches others. That of the audit is an operator's. */
const reads: Readonly<Record<string, string>> = {
  analytics: 'AnalyticsService/ListMovers',
  audit: 'AuditService/GetVerdict',
  auto: 'AutoService/ListRules',
  gateway: 'UserService/GetProfile',
  ledger: 'LedgerService/ListHolds',
  market: 'MarketService/ListQuotes',
  notification: 'NotificationService/ListMessages',
  portfolio: 'PortfolioService/GetPortfolio',
  user: 'UserService/GetProfile',
};
const readEveryMs = 100;
// The test of the order service's is in canary.test.ts, and these have none.
const others = ['exchange', 'mailbox', 'order', 'simulator'];
let tried = '';

afterEach(async () => {
  if (tried !== '') await runCanary(tried, '--abort');
}, 200_000);

/** Reads until the signal aborts. Returns how many calls failed. */
async function readUntil(service: string, signal: AbortSignal): Promise<number> {
  const isOperators = service === 'audit';
  const client = createTestClient('connect', await (isOperators ? operatorsUrl() : ingressUrl()));
  const { email, password } = await administrator();
  const person = isOperators ? await logIn(client, email, password) : await registerInvestor(client, '');
  let failed = 0;
  while (!signal.aborted) {
    await person.call(reads[service] ?? '').catch(() => (failed += 1));
    await pause(readEveryMs, signal);
  }
  return failed;
}

describe('a good canary', () => {
  it('has a read here for each service that can have one', () => {
    const names = services.map(({ name }) => name).filter((name) => !others.includes(name));
    expect(Object.keys(reads)).toEqual(names.toSorted());
  });

  it.for(Object.keys(reads))(
    'of %s is promoted from 10 to 50 to 100 % under orders, and no call fails',
    {
      timeout: 900_000,
    },
    async (service, context) => {
      onlyWithAll(context);
      tried = service;
      const flags = await versionFlags(service, { CANARY_TEST: `good-${Date.now()}` });
      const stop = new AbortController();
      const reading = readUntil(service, stop.signal);
      await tradeThrough(`canary of ${service}`, async () => {
        const said = await runCanary(service, ...flags, '--steps', '10,50,100', '--hold', '10', '--calls', '10');
        expect(said).toContain('"canary":"promoted"');
      }).finally(() => stop.abort());
      expect(await reading).toBe(0);
      await expectNoCanary(service);
    },
  );
});
