import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSamples } from '../mesh/canary/prometheus-text.ts';
import { projectDirectory } from '../tool.ts';
import { examine } from './examine.ts';
import { describeFindings, type FindingCode, remedies, runbookOf } from './finding.ts';
import { judgeFolder, judgeNode } from './installation.ts';
import { judgeMetrics } from './judge-metrics.ts';
import type { Scrape } from './scrape.ts';

const scrape = (service: string, text: string): Scrape => ({
  ...{ process: `${service}-0`, service },
  samples: parseSamples(text),
});
const placeOrder = (status: string, count: number, fast: number) => {
  const labels = `rpc_method="outcry.order.v1.OrderService/PlaceOrder",rpc_response_status_code="${status}"`;
  return `rpc_server_call_duration_seconds_bucket{${labels},le="0.5"} ${fast}\nrpc_server_call_duration_seconds_count{${labels}} ${count}\n`;
};
const codes = (before: string, after: string, service = 'order', nowMs = 1_000_000) =>
  judgeMetrics([scrape(service, before)], [scrape(service, after)], nowMs).map(({ code }) => code);

describe('judgeMetrics', () => {
  it('finds nothing while values are as they should be', () => {
    const text = `outcry_feed_consumer_lag_seconds{feed="exchange.0"} 0.5\noutcry_exchange_serving{shard="0"} 1\n`;
    expect(codes(text + placeOrder('OK', 10, 10), text + placeOrder('OK', 30, 30))).toEqual([]);
  });

  it.each([
    ['outcry_feed_consumer_halted{feed="exchange.0"} 1', 'feed-halted'],
    ['outcry_feed_consumer_lag_seconds{feed="exchange.0"} 6', 'feed-behind'],
    ['outcry_feed_silence_seconds{feed="exchange.0"} 11', 'feed-behind'],
    ['outcry_outbox_oldest_age_seconds 11', 'outbox-stuck'],
    ['outcry_orders_pending_oldest_age_seconds 11', 'orders-stuck'],
    ['outcry_exchange_serving{shard="0"} 0', 'shard-unserved'],
    ['outcry_audit_completed_timestamp_seconds{kind="light"} 399', 'audit-stale'],
    ['db_client_unanswered_total{pool="order"} 1', 'database-unanswered'],
  ])('finds %s', (text, code) => {
    expect(codes('', text)).toEqual([code]);
  });

  it('judges orders and statements by what has come since the first look', () => {
    const slow = 'db_client_operation_duration_seconds_count{pool="order"} 10\n';
    const sum = (value: number) => `db_client_operation_duration_seconds_sum{pool="order"} ${value}\n`;
    expect(codes(slow + sum(50), slow + sum(50))).toEqual([]);
    expect(codes(sum(0), slow + sum(5))).toEqual(['database-slow']);
    expect(codes(placeOrder('OK', 10, 0), placeOrder('OK', 20, 8))).toEqual(['orders-slow']);
    expect(codes(placeOrder('UNAVAILABLE', 5, 5), placeOrder('UNAVAILABLE', 6, 6))).toEqual(['orders-unanswered']);
  });

  it('does not take the counters of a process that was started again for growth', () => {
    expect(codes('db_client_unanswered_total{pool="order"} 9', 'db_client_unanswered_total{pool="order"} 0')).toEqual(
      [],
    );
  });
});

describe('judgeNode', () => {
  it('finds a Node that is too old', () => {
    expect(judgeNode('18.19.0')).toHaveLength(1);
    expect(judgeNode('20.0.0')).toEqual([]);
  });
});

describe('examine', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outcry-doctor-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds that nothing runs where something should', async () => {
    const found = await examine({ data: folder, expectsSystem: true });
    expect(found.map(({ code }) => code)).toContain('system-down');
    expect(describeFindings(found)).toContain('npm start');
  });

  it('finds a folder that cannot be written, and leaves nothing in one that can', async () => {
    expect(judgeFolder(join(folder, 'data'))).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    // Not even root may write there.
    const closed = existsSync('/proc') ? '/proc' : '/System';
    expect(judgeFolder(closed).map(({ code }) => code)).toEqual(['data-not-writable']);
  });
});

describe('remedies', () => {
  it('name runbooks that exist', () => {
    const named = (Object.keys(remedies) as FindingCode[]).flatMap((code) => runbookOf(code) ?? []);
    const missing = named.filter((name) => !existsSync(join(projectDirectory, 'docs', 'runbooks', `${name}.md`)));
    expect(missing).toEqual([]);
  });
});
