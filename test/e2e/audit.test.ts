/** The audit names each row that was changed behind the services' backs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { corruptRow, type Databases, openDatabases } from '../support/audit/corrupt-row.ts';
import type { Corruption } from '../support/audit/corruption.ts';
import { corruptions } from '../support/audit/corruptions.ts';
import { endReconciliation } from '../support/audit/end-reconciliation.ts';
import { leaveEventsWaiting } from '../support/audit/leave-events-waiting.ts';
import { tradeForAudit } from '../support/audit/trade-for-audit.ts';
import { createTestClient } from '../support/clients.ts';
import type { Investor } from '../support/investor.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import type { TestClient } from '../support/test-client.ts';

type Verdict = { clean?: boolean; findingsCount?: number; failure?: string; verdictId: string };
type Finding = { rule: string; subject: string; expected: string; found: string };

let system: RunningSystem;
let client: TestClient;
let databases: Databases;
let admin: Investor;

beforeAll(async () => {
  // No light pass comes between: what a test has changed is found by its own pass.
  const env = { AUDIT_EVERY_MS: '3600000', EXCHANGE_SNAPSHOT_INTERVAL_MS: '1000' };
  system = await startSystem({ flags: ['--no-simulator'], env });
  client = createTestClient('connect', system.gatewayUrls[0] ?? '');
  databases = openDatabases(system);
  admin = await logInAdmin(client, system);
  const symbol = await openBook(admin);
  await tradeForAudit(client, admin, symbol);
  await leaveEventsWaiting({ client, admin, databases }, symbol);
  await endReconciliation(databases);
}, 180_000);
afterAll(async () => {
  await databases?.[Symbol.asyncDispose]();
  await system?.[Symbol.asyncDispose]();
}, 90_000);

/** Runs a full pass; its findings and its verdict. */
async function runAudit(): Promise<{ findings: Finding[]; verdict: Verdict }> {
  const findings: Finding[] = [];
  const stop = new AbortController();
  for await (const message of admin.stream('AuditService/RunAudit', { findingsMax: 1_000 }, stop.signal)) {
    if (message.finding !== undefined) findings.push(message.finding as Finding);
    if (message.verdict !== undefined) return { findings, verdict: message.verdict as Verdict };
  }
  throw new Error('the stream ended without a verdict');
}

async function expectClean(): Promise<void> {
  const { findings, verdict } = await runAudit();
  expect(findings).toEqual([]);
  expect(verdict).toMatchObject({ clean: true });
}

/** Changes the row, audits, and makes the row as it was. */
async function expectNamed(corruption: Corruption): Promise<void> {
  const { key, repair } = await corruptRow(databases, corruption);
  try {
    const { findings, verdict } = await runAudit();
    // One that was not completed, as its caller's token has ended, is not clean either.
    expect([verdict.clean ?? false, verdict.failure ?? '']).toEqual([false, '']);
    const place = corruption.namedAs ?? `${corruption.database} ${corruption.table.replace('platform.', '')}`;
    const subjects = findings.map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.includes(place) && subject.includes(key))).not.toEqual([]);
  } finally {
    await repair();
  }
}

function describeChange({ database, table, where, change }: Corruption): string {
  const text = 'set' in change ? change.set : 'remove' in change ? 'removed' : 'add' in change ? 'a row' : 'a copy';
  return `${database} ${table}: ${text}, where ${where}`;
}

const ofNew = corruptions.filter(({ provedOnly }) => provedOnly !== true);

describe('audit of rows that it has not seen before', { timeout: 60_000 }, () => {
  it.each(ofNew.map((one) => [describeChange(one), one] as const))('names %s', (_name, one) => expectNamed(one));

  it('is clean when they are as they were', expectClean);
});

describe('audit of rows that were proved', { timeout: 60_000 }, () => {
  it.each(corruptions.map((one) => [describeChange(one), one] as const))('names %s', (_name, one) => expectNamed(one));

  it('is clean when they are as they were, and has the history of its verdicts', async () => {
    await expectClean();
    const { verdicts } = (await admin.call('AuditService/ListVerdicts', { pageSize: 2 })) as { verdicts: Verdict[] };
    expect(verdicts.map(({ clean }) => clean ?? false)).toEqual([true, false]);
    const unclean = verdicts[1]?.verdictId ?? '';
    const { findings } = await admin.call('AuditService/GetVerdict', { verdictId: unclean });
    expect(findings).not.toEqual([]);
  });

  it('publishes an event for what it had not found before, and for nothing else', async () => {
    const bus = await databases.of('bus');
    await eventually(async () => {
      const { rows } = await bus.query(
        `SELECT count(*)::int AS count FROM bus.log WHERE type = 'outcry.audit.v1.AuditFailed'`,
      );
      expect(rows[0].count).toBeGreaterThan(ofNew.length);
    });
  });
});
