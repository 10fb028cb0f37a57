import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, registerInvestor } from '../support/investor.ts';
import { onlyWithAll } from './all-only.ts';
import { callsEnded } from './calls-ended.ts';
import { auditMesh, ingressUrl } from './cluster.ts';
import { tradeThrough } from './trade-through.ts';

const deposits = 30;
const experiment = (...args: string[]) =>
  runCommand('node', ['scripts/run.mjs', 'scripts/mesh/main.ts', 'experiment', ...args]);

afterAll(async () => {
  await experiment('off');
}, 120_000);

/** Calls of an RPC that the second version of a service has ended with a status. */
function callsOfMirror(service: string, rpc: string, status: string): Promise<number> {
  return callsEnded(`deployment/${service}-mirror`, [rpc], status);
}

describe('copies of calls for second versions of ledger and order', () => {
  it('move no money: every copy that would is refused there, and what people do is done once', {
    timeout: 600_000,
  }, async (context) => {
    onlyWithAll(context);
    for (const service of ['ledger', 'order']) await experiment('mirror', service, '--percent', '100');
    const client = createTestClient('connect', await ingressUrl());
    const investor = await registerInvestor(client, '');
    for (let index = 0; index < deposits; index += 1) {
      await investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '1.00' });
    }
    expect((await balancesOf(investor)).cash?.total).toBe(`${deposits}.00`);
    const { entries } = (await investor.call('LedgerService/ListStatement', { pageSize: 200 })) as {
      entries: object[];
    };
    expect(entries).toHaveLength(deposits);
    await tradeThrough('mirror', async () => {
      await expect
        .poll(() => callsOfMirror('order', 'CancelOrder', 'FAILED_PRECONDITION'), { timeout: 120_000 })
        .toBeGreaterThan(10);
    });
    const refused = await callsOfMirror('ledger', 'Deposit', 'FAILED_PRECONDITION');
    const done = await callsOfMirror('ledger', 'Deposit', 'OK');
    const orders = await callsOfMirror('order', 'PlaceOrders', 'FAILED_PRECONDITION');
    const reads = await callsOfMirror('ledger', 'GetBalances', 'OK');
    console.log(JSON.stringify({ bench: 'mesh', mirror: { refused, done, orders, reads } }));
    expect(refused).toBeGreaterThanOrEqual(deposits);
    expect([done, reads > 0, orders > 0]).toEqual([0, true, true]);
    await auditMesh();
  });
});
