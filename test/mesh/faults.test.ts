import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl, runCommand, serviceLabel } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, type Investor, registerInvestor } from '../support/investor.ts';
import { onlyWithAll } from './all-only.ts';
import { callsEnded } from './calls-ended.ts';
import { auditMesh, ingressUrl, listPods, meshNamespace, sidecarName } from './cluster.ts';

const people = 4;
const depositsEach = 25;
// Half of 8 calls a second and their repeats are within what a process may repeat: 10 a second and a tenth of its calls.
const betweenMs = 500;
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

/** Calls of people that the ledger itself has answered: those that a fault ended in its proxy are none. */
async function answeredByLedger(): Promise<number> {
  const pods = (await listPods()).filter(({ metadata }) => metadata.labels[serviceLabel] === 'ledger');
  const counts = pods.map(({ metadata }) => callsEnded(metadata.name, ['Deposit', 'GetBalances']));
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}

/** Deposits and reads, one after the other. Returns how those that failed did. */
async function use(investor: Investor): Promise<string[]> {
  const failures: string[] = [];
  const note = (error: unknown) => failures.push(String(error));
  for (let index = 0; index < depositsEach; index += 1) {
    await investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '1.00' }).catch(note);
    await pause(betweenMs);
    await investor.call('LedgerService/GetBalances').catch(note);
    await pause(betweenMs);
  }
  return failures;
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
  const before = { tries: await triesToLedger(), answered: await answeredByLedger() };
  const startTimeMs = performance.now();
  const failures = (await Promise.all(investors.map(use))).flat();
  const tries = (await triesToLedger()) - before.tries;
  const answered = (await answeredByLedger()) - before.answered;
  const seconds = Math.round((performance.now() - startTimeMs) / 1_000);
  await experiment('off');
  const userCalls = people * depositsEach * 2;
  const perUserCall = { tries: tries / userCalls, answered: answered / userCalls };
  const failed = failures.length;
  console.log(JSON.stringify({ bench: 'mesh', faults: percent, userCalls, perUserCall, failed, seconds }));
  expect(failures).toEqual([]);
  for (const investor of investors) expect((await balancesOf(investor)).cash?.total).toBe(`${depositsEach}.00`);
  // By chance no more than three standard deviations above the mean.
  const share = percent / 100;
  const mean = 1 / (1 - share);
  expect(perUserCall.tries).toBeLessThan(mean + 3 * Math.sqrt(share / (1 - share) ** 2 / userCalls));
  expect(Math.abs(perUserCall.answered - 1)).toBeLessThan(0.1);
  await auditMesh();
}

// Until one succeeds, a call with so many faults takes 1 / (1 - percent / 100) tries: 1.25 and 2. More than that are tries that multiply.
describe('faults at the ledger', () => {
  it('at 20 % of calls reach no person, double nothing, and cost few calls more', {
    timeout: 400_000,
  }, async (context) => {
    onlyWithAll(context);
    await measure(20);
  });

  it('at 50 % of calls do neither', { timeout: 400_000 }, async (context) => {
    onlyWithAll(context);
    await measure(50);
  });
});
