/** What the metrics of a running system say is wrong. */
import type { Finding, FindingCode } from './finding.ts';
import { growthOf, type Scrape, type Value, valuesOf } from './scrape.ts';

type GaugeRule = { code: FindingCode; metric: string; above: number; label?: string; unit: string };

/** Values above which something is wrong. They are lower than those of the alerts, which wait before they call a person. */
const gauges: readonly GaugeRule[] = [
  { code: 'feed-halted', metric: 'outcry_feed_consumer_halted', above: 0, label: 'feed', unit: 'halted' },
  { code: 'feed-behind', metric: 'outcry_feed_consumer_lag_seconds', above: 5, label: 'feed', unit: 's behind' },
  {
    code: 'feed-behind',
    metric: 'outcry_feed_silence_seconds',
    above: 10,
    label: 'feed',
    unit: 's of silence',
  },
  { code: 'outbox-stuck', metric: 'outcry_outbox_oldest_age_seconds', above: 10, unit: 's old is its oldest event' },
  { code: 'orders-stuck', metric: 'outcry_orders_pending_oldest_age_seconds', above: 10, unit: 's without an outcome' },
  { code: 'transfers-stuck', metric: 'outcry_transfers_stuck', above: 0, unit: 'transfers without an outcome' },
  { code: 'mails-waiting', metric: 'outcry_mail_waiting', above: 1_000, unit: 'mails wait' },
  { code: 'audit-finding', metric: 'outcry_audit_findings', above: 0, label: 'kind', unit: 'findings' },
  { code: 'event-loop-blocked', metric: 'nodejs_eventloop_lag_p99_seconds', above: 0.3, unit: 's at a time' },
  // Counters that stay at 0 while all is well, counted since the process began.
  {
    code: 'clock-jumped',
    metric: 'outcry_exchange_clock_faults',
    above: 0,
    label: 'shard',
    unit: 'times since its start',
  },
  {
    code: 'feed-surprises',
    metric: 'outcry_orders_feed_surprises_total',
    above: 0,
    label: 'kind',
    unit: 'since its start',
  },
];

const auditAgeSecondsMax = 600;
const slowSeconds = 0.5;
const slowShareMax = 0.1;
const statementSecondsMax = 0.2;
const statementsMin = 3;
const faults = /^(UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS)$/;
const placeOrder = 'outcry.order.v1.OrderService/PlaceOrder';

/** Findings from two scrapes a few seconds apart; `nowMs` is the time of the second, in Unix ms. */
export function judgeMetrics(before: readonly Scrape[], after: readonly Scrape[], nowMs: number): Finding[] {
  return [
    ...gauges.flatMap((rule) => judgeGauge(rule, after)),
    ...judgeShards(after),
    ...judgeAudit(after, nowMs),
    ...judgeDatabases(before, after),
    ...judgeOrders(before, after),
  ];
}

function judgeGauge({ code, metric, above, label, unit }: GaugeRule, scrapes: readonly Scrape[]): Finding[] {
  return valuesOf(scrapes, metric)
    .filter(({ value }) => value > above)
    .map(({ process, labels, value }) => {
      const part = label === undefined ? '' : `/${labels[label] ?? ''}`;
      return { code, subject: `${process}${part}`, detail: `${round(value)} ${unit}` };
    });
}

function judgeShards(scrapes: readonly Scrape[]): Finding[] {
  const served = new Map<string, number>();
  for (const { labels, value } of valuesOf(scrapes, 'outcry_exchange_serving'))
    served.set(labels.shard ?? '', (served.get(labels.shard ?? '') ?? 0) + value);
  const detail = 'no process serves it';
  return [...served]
    .filter(([, count]) => count === 0)
    .map(([shard]) => ({ code: 'shard-unserved', subject: `shard ${shard}`, detail }));
}

function judgeAudit(scrapes: readonly Scrape[], nowMs: number): Finding[] {
  const light = valuesOf(scrapes, 'outcry_audit_completed_timestamp_seconds').filter(
    ({ labels }) => labels.kind === 'light',
  );
  if (light.length === 0) return [];
  const ageSeconds = nowMs / 1_000 - Math.max(...light.map(({ value }) => value));
  if (ageSeconds <= auditAgeSecondsMax) return [];
  return [{ code: 'audit-stale', subject: 'audit', detail: `its last pass was completed ${round(ageSeconds)} s ago` }];
}

function judgeDatabases(before: readonly Scrape[], after: readonly Scrape[]): Finding[] {
  const unanswered = growthOf(before, after, 'db_client_unanswered_total').filter(({ value }) => value > 0);
  const sums = sumBy(growthOf(before, after, 'db_client_operation_duration_seconds_sum'));
  const counts = sumBy(growthOf(before, after, 'db_client_operation_duration_seconds_count'));
  const slow = [...counts].flatMap(([process, count]): Finding[] => {
    const seconds = (sums.get(process) ?? 0) / count;
    if (count < statementsMin || seconds <= statementSecondsMax) return [];
    return [{ code: 'database-slow', subject: process, detail: `${round(seconds)} s a statement, of ${count}` }];
  });
  return [
    ...unanswered.map(({ process, value }): Finding => {
      return { code: 'database-unanswered', subject: process, detail: `${value} connections got no answer just now` };
    }),
    ...slow,
  ];
}

function judgeOrders(before: readonly Scrape[], after: readonly Scrape[]): Finding[] {
  const count = calls(before, after, 'count');
  const all = total(count);
  if (all === 0) return [];
  const faults = total(count.filter(({ labels }) => isFault(labels)));
  const fast = total(calls(before, after, 'bucket').filter(({ labels }) => Number(labels.le) === slowSeconds));
  const findings: Finding[] = [];
  const subject = 'PlaceOrder';
  if (faults > 0) findings.push({ code: 'orders-unanswered', subject, detail: `${faults} of ${all} calls just now` });
  if (all - fast > all * slowShareMax)
    findings.push({ code: 'orders-slow', subject, detail: `${all - fast} of ${all} took over ${slowSeconds} s` });
  return findings;
}

function calls(before: readonly Scrape[], after: readonly Scrape[], part: 'count' | 'bucket'): Value[] {
  return growthOf(before, after, `rpc_server_call_duration_seconds_${part}`).filter(
    ({ service, labels }) => service === 'order' && labels.rpc_method === placeOrder,
  );
}

function isFault(labels: Readonly<Record<string, string>>): boolean {
  return faults.test(labels.rpc_response_status_code ?? '');
}

function total(values: readonly Value[]): number {
  return values.reduce((sum, { value }) => sum + value, 0);
}

function sumBy(values: readonly Value[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { process, value } of values) sums.set(process, (sums.get(process) ?? 0) + value);
  return sums;
}

function round(value: number): string {
  return value.toFixed(value < 10 && !Number.isInteger(value) ? 2 : 0);
}
