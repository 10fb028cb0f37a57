import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findPrometheus, prometheusMissing } from '#platform/local-prometheus/start.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import { dashboards, observabilityDirectory } from '../../scripts/dashboards/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, marketTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import { type ObservingPrometheus, observe, type Scrape, scrapeAll } from '../support/observed.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
/** Series of one process at most: the order service of a new system has about 550. */
const seriesMax = 3_000;
const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|@example\.com/;

let investor: Investor;
let prometheus: ObservingPrometheus | undefined;
let scrapes: Scrape[];

/** Reads of services that people's orders do not lead to. */
const reads = [
  'PortfolioService/GetPortfolio',
  'NotificationService/GetPreferences',
  'AutoService/ListRules',
  'AnalyticsService/ListMovers',
  'MailboxService/ListMails',
  'AuditService/GetVerdict',
] as const;

/** A little of everything that panels show. */
async function live(): Promise<void> {
  await placeOrder(investor, marketTerms('BUY', 'ACME', '1'));
  await placeOrder(investor, limitTerms('BUY', 'ACME', '1', '165.00'));
  const admin = await logInAdmin(client, shared);
  // What is refused is counted too.
  const ask = (who: Investor, rpc: string) => who.call(rpc).catch(() => {});
  for (const rpc of reads) await ask(rpc.startsWith('Audit') ? admin : investor, rpc);
  await investor.call('OrderService/CancelAllOrders');
}

beforeAll(async () => {
  investor = await registerInvestor(client);
  if (findPrometheus() !== undefined) prometheus = await observe(shared.dataDirectory);
  await live();
  await live();
  // The first pass that the audit makes by itself comes after a minute.
  const admin = await logInAdmin(client, shared);
  for await (const _ of admin.stream('AuditService/RunAudit', {}, timeoutSignal(60_000)));
  scrapes = await scrapeAll(shared.dataDirectory);
}, 150_000);
afterAll(() => prometheus?.[Symbol.asyncDispose]());

describe('the dashboards', () => {
  const requirePrometheus = (context: Parameters<typeof requireOrSkip>[0]) => {
    requireOrSkip(context, prometheus !== undefined, prometheusMissing);
    return prometheus as ObservingPrometheus;
  };

  it('have no panel without data while a system runs', { timeout: 150_000 }, async (context) => {
    const { query } = requirePrometheus(context);
    const queries = dashboards.flatMap(({ uid, panels }) =>
      panels.flatMap(({ title, queries: of }) => Object.values(of).map((text) => ({ text, name: `${uid}: ${title}` }))),
    );
    await eventually(
      async () => {
        await live();
        const counts = await Promise.all(queries.map(({ text }) => query(text)));
        expect(queries.filter((_, index) => counts[index] === 0).map(({ name }) => name)).toEqual([]);
      },
      { timeoutMs: 120_000 },
    );
  });

  it('stand beside rules that Prometheus can evaluate', async (context) => {
    expect(await requirePrometheus(context).brokenRules()).toEqual([]);
  });
});

describe('the metrics', () => {
  it('exist under every name that a rule or a document has', () => {
    const known = new Set(scrapes.flatMap(({ text }) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)));
    const files = ['rules/alerts.yaml', 'rules/service-levels.yaml', '../../docs/observability.md'];
    const text = files.map((name) => readFileSync(join(observabilityDirectory, name), 'utf8')).join('\n');
    const named = [...text.matchAll(/\b(?:outcry|rpc|db|messaging|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
    const labels = new Set([
      'rpc_method',
      'rpc_response_status_code',
      'messaging_destination_name',
      'db_client_connection_pool_name',
    ]);
    const unknown = [...new Set(named)].filter((name) => {
      const base = name.replace(/_(bucket|count|sum)$/, '');
      return !known.has(name) && !known.has(base) && !labels.has(name);
    });
    expect(unknown).toEqual([]);
    const prefixes = /^(outcry|rpc|db|messaging|nodejs|process)_/;
    expect([...known].filter((name) => name !== undefined && !prefixes.test(name))).toEqual([]);
  });

  it('have few series in each process, and no label of a person, an order or an instrument', async () => {
    const { instruments } = await client.call('MarketService/ListInstruments', { pageSize: 100 });
    const symbols = new Set((instruments as { symbol: string }[]).map(({ symbol }) => symbol));
    expect(symbols).toContain('ACME');
    expect(scrapes.length).toBeGreaterThan(10);
    for (const { service, text } of scrapes) {
      const series = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
      expect(series.length, service).toBeGreaterThan(20);
      expect(series.length, service).toBeLessThan(seriesMax);
      expect(series.filter((row) => idPattern.test(row))).toEqual([]);
      const values = series.flatMap((row) => [...row.matchAll(/="([^"]*)"/g)].map(([, value = '']) => value));
      expect(values.filter((value) => symbols.has(value))).toEqual([]);
    }
  });
});
