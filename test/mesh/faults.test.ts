import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { kubectl, runCommand } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, type Investor, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { onlyWithAll } from './all-only.ts';
import { administrator, ingressUrl, listPods, meshNamespace, sidecarName } from './cluster.ts';

const people = 4;
const depositsEach = 25;
const experiment = (...args: string[]) =>
  runCommand('node', ['scripts/run.mjs', 'scripts/mesh/main.ts', 'experiment', ...args]);

afterAll(async () => {
  await experiment('off');
}, 60_000);

/** Calls that have arrived at the ledger's proxies, those that got a fault in place of an answer included. */
async function callsAtLedger(): Promise<{ arrived: number; faults: number }> {
  const pods = (await listPods()).filter(({ metadata }) => metadata.labels['outcry.dev/service'] === 'ledger');
  const read = async (name: string): Promise<{ served: number; faults: number }> => {
    const ask = ['pilot-agent', 'request', 'GET', 'stats'];
    const text = await kubectl(['-n', meshNamespace, 'exec', name, '-c', sidecarName, '--', ...ask]);
    const sum = (pattern: RegExp) =>
      [...text.matchAll(pattern)].reduce((total, [, value = '0']) => total + Number(value), 0);
    return {
      served: sum(/^cluster\.inbound\|9000\|\|;?\.upstream_rq_total: (\d+)$/gm),
      faults: sum(/^http\.inbound_.*\.fault\.aborts_injected: (\d+)$/gm),
    };
  };
  const counts = await Promise.all(pods.map(({ metadata }) => read(metadata.name)));
  const served = counts.reduce((total, count) => total + count.served, 0);
  const faults = counts.reduce((total, count) => total + count.faults, 0);
  return { arrived: served + faults, faults };
}

/** Deposits and reads, one after the other. Returns how many failed. */
async function use(investor: Investor): Promise<number> {
  let failed = 0;
  const note = () => (failed += 1);
  for (let index = 0; index < depositsEach; index += 1) {
    await investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '1.00' }).catch(note);
    await investor.call('LedgerService/GetBalances').catch(note);
  }
  return failed;
}

async function measure(percent: number): Promise<void> {
  const client = createTestClient('connect', await ingressUrl());
  const investors = await Promise.all(Array.from({ length: people }, () => registerInvestor(client, '')));
  const idle = await callsAtLedger();
  await experiment('fault', 'ledger', '--percent', String(percent));
  const faults = async () => (await callsAtLedger()).faults - idle.faults;
  await expect.poll(faults, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(0);
  const before = await callsAtLedger();
  const startTimeMs = performance.now();
  const failed = (await Promise.all(investors.map(use))).reduce((total, count) => total + count, 0);
  const after = await callsAtLedger();
  const seconds = Math.round((performance.now() - startTimeMs) / 1_000);
  await experiment('off');
  const userCalls = people * depositsEach * 2;
  const atLedger = after.arrived - before.arrived;
  const figures = { percent, userCalls, atLedger, faults: after.faults - before.faults, failed, seconds };
  console.log(JSON.stringify({ bench: 'mesh', ...figures, perUserCall: atLedger / userCalls }));
  expect(failed).toBe(0);
  for (const investor of investors) expect((await balancesOf(investor)).cash?.total).toBe(`${depositsEach}.00`);
  expect(atLedger / userCalls).toBeLessThan(2.5);
  await audit(client, await administrator());
}

// Until one succeeds, a call with so many faults takes 1 / (1 - percent / 100) tries: 1.25 and 2. What is above comes from the house, and from
// tries that multiply.
describe('faults at the ledger', () => {
  it('at 20 % of calls reach no person, double nothing, and cost few calls more', {
    timeout: 300_000,
  }, async (context) => {
    onlyWithAll(context);
    await measure(20);
  });

  it('at 50 % of calls do neither', { timeout: 300_000 }, async (context) => {
    onlyWithAll(context);
    await measure(50);
  });
});
