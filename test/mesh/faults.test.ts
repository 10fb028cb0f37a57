import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { kubectl, runCommand, serviceLabel } from '../../scripts/mesh/index.ts';
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

/** Tries of calls to the ledger that have left the gateway's proxies, further ones included. */
async function triesToLedger(): Promise<number> {
  const pods = (await listPods()).filter(({ metadata }) => metadata.labels[serviceLabel] === 'gateway');
  const read = async (name: string): Promise<number> => {
    const ask = ['pilot-agent', 'request', 'GET', 'stats?filter=upstream_rq_total'];
    const text = await kubectl(['-n', meshNamespace, 'exec', name, '-c', sidecarName, '--', ...ask]);
    const row = text.split('\n').find((one) => one.includes(`|stable|ledger.${meshNamespace}.`));
    return Number(row?.split(' ').at(-1) ?? 0);
  };
  const counts = await Promise.all(pods.map(({ metadata }) => read(metadata.name)));
  return counts.reduce((total, count) => total + count, 0);
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
  await experiment('fault', 'ledger', '--percent', String(percent));
  // Until the ledger's proxies have it.
  await expect
    .poll(
      async () => {
        const before = await triesToLedger();
        for (const investor of investors) for (let call = 0; call < 5; call += 1) await balancesOf(investor);
        return (await triesToLedger()) - before;
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBeGreaterThan(people * 5);
  const before = await triesToLedger();
  const startTimeMs = performance.now();
  const failed = (await Promise.all(investors.map(use))).reduce((total, count) => total + count, 0);
  const tries = (await triesToLedger()) - before;
  const seconds = Math.round((performance.now() - startTimeMs) / 1_000);
  await experiment('off');
  const userCalls = people * depositsEach * 2;
  const perUserCall = tries / userCalls;
  console.log(JSON.stringify({ bench: 'mesh', faults: percent, userCalls, tries, perUserCall, failed, seconds }));
  expect(failed).toBe(0);
  for (const investor of investors) expect((await balancesOf(investor)).cash?.total).toBe(`${depositsEach}.00`);
  expect(perUserCall).toBeLessThan(2.5);
  await audit(client, await administrator());
}

// Until one succeeds, a call with so many faults takes 1 / (1 - percent / 100) tries: 1.25 and 2. More than that are
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
