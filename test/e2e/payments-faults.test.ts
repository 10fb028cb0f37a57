/** A payment provider that delays, refuses, loses and repeats, before two ledgers of which one is killed: every cent is where it belongs. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, type Investor, logIn, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import type { TestClient } from '../support/test-client.ts';

let system: RunningSystem;
let client: TestClient;
// Empty while the system starts: demo users are given money before that has ended.
let gatewayUrl = '';
let relay: Server;
const statuses = new Map<number, number>();

beforeAll(async () => {
  relay = createServer(async (request, response) => {
    const body = await buffer(request);
    const signature = String(request.headers['outcry-signature']);
    const status = await pass(request.url ?? '', body, { 'outcry-signature': signature });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const prefix = 'LEDGER_LOCAL_PAYMENT';
  system = await startSystem({
    flags: ['--no-simulator', '--replicas', 'ledger=2'],
    env: {
      GATEWAY_CALLS_PER_SECOND_MAX: '5000',
      GATEWAY_CALLS_BURST_MAX: '10000',
      [`${prefix}_CALLBACK_URL`]: `http://127.0.0.1:${(relay.address() as AddressInfo).port}/webhooks/payments/local`,
      [`${prefix}_SEED`]: '11',
      [`${prefix}_DELAY_MS_MAX`]: '2000',
      [`${prefix}_REFUSED_PERCENT`]: '10',
      [`${prefix}_FAILED_PERCENT`]: '10',
      [`${prefix}_UNANSWERED_PERCENT`]: '10',
      [`${prefix}_LOST_PERCENT`]: '20',
      [`${prefix}_REPEATED_PERCENT`]: '30',
      [`${prefix}_LATE_PERCENT`]: '20',
      [`${prefix}_LATE_MS`]: '1500',
    },
  });
  gatewayUrl = system.gatewayUrl;
  client = createTestClient('fetch', gatewayUrl);
}, 120_000);
afterAll(async () => {
  relay?.closeAllConnections();
  relay?.close();
  await system?.[Symbol.asyncDispose]();
}, 90_000);

/** Passes a callback on to the gateway; 503 when that cannot be reached. */
async function pass(path: string, body: Buffer, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(`${gatewayUrl}${path}`, { method: 'POST', body, headers }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status ?? 503;
}

it('brings every transfer to one end and keeps the books whole', { timeout: 240_000 }, async () => {
  const investors = await Promise.all(Array.from({ length: 8 }, () => registerInvestor(client, '')));
  await Promise.all(investors.map((investor) => makeTransfers(investor, 'Deposit', ['10.00', '20.50', '30.25'])));
  killALedger();
  await Promise.all(investors.map((investor) => makeTransfers(investor, 'Withdraw', ['1.00', '2.75'])));
  for (const investor of investors) await expectWhole(investor);
  // Callbacks went through the gateway, and each that it answered with 204 had taken effect or had done so before.
  await eventually(() => expect(statuses.get(204) ?? 0).toBeGreaterThan(10));
  const staff = await logIn(client, system.admin.email, system.admin.password);
  expect((await staff.call('LedgerAdminService/ListPaymentFindings')).findings ?? []).toEqual([]);
  await audit(client, system.admin);
});

/** Sends each until it is answered or refused for what the account lacks. */
async function makeTransfers(investor: Investor, rpc: 'Deposit' | 'Withdraw', amounts: string[]): Promise<void> {
  for (const amount of amounts) {
    const idempotencyKey = randomUUID();
    await eventually(
      () =>
        investor.call(`LedgerService/${rpc}`, { idempotencyKey, amount }).catch((error: unknown) => {
          if (!/too little cash/.test(String(error))) throw error;
        }),
      { timeoutMs: 60_000 },
    );
  }
}

function killALedger(): void {
  const victim = system.run().processes.find(({ name }) => name === 'ledger');
  if (victim === undefined) throw new Error('no ledger runs');
  process.kill(victim.pid, 'SIGKILL');
}

/** All transfers are final, the completed ones make the balance, and nothing is held. */
async function expectWhole(investor: Investor): Promise<void> {
  const transfers = await eventually(
    async () => {
      const { transfers = [] } = (await investor.call('LedgerService/ListTransfers')) as { transfers?: JsonObject[] };
      expect(transfers.filter(({ status }) => status === 'TRANSFER_STATUS_PENDING')).toEqual([]);
      return transfers;
    },
    { timeoutMs: 90_000 },
  );
  const cents = transfers.map(({ status, kind, amount }) => {
    if (status !== 'TRANSFER_STATUS_COMPLETED') return 0;
    return Number(String(amount).replace('.', '')) * (kind === 'TRANSFER_KIND_DEPOSIT' ? 1 : -1);
  });
  const sum = cents.reduce((total, amount) => total + amount, 0);
  const { cash } = await balancesOf(investor);
  expect([cash?.total, cash?.held]).toEqual([(sum / 100).toFixed(2), '0.00']);
}
