/** Money in and out as the outside sees it: callbacks and files over plain HTTP, through the whole system. */
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';

const { gatewayUrl } = inject('sharedSystem');
const client = createTestClient('grpc', gatewayUrl);

describe('payments', () => {
  it('are listed and exported as CSV to their owner', async () => {
    const investor = await registerInvestor(client, '20.50');
    await investor.call('LedgerService/Withdraw', { idempotencyKey: randomUUID(), amount: '0.25' });
    // A provider that does not answer in time is asked again a second later.
    await eventually(async () => {
      const { transfers } = await investor.call('LedgerService/ListTransfers', { status: 'TRANSFER_STATUS_COMPLETED' });
      expect(transfers).toMatchObject([{ amount: '0.25' }, { amount: '20.50', stage: 'TRANSFER_STAGE_COMPLETED' }]);
    });
    const headers = { authorization: `Bearer ${investor.token}` };
    const statement = await fetch(`${gatewayUrl}/exports/statement.csv`, { headers });
    expect([statement.status, statement.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    const amounts = (await statement.text()).split('\r\n').map((line) => line.split(',')[4]);
    expect(amounts).toEqual(['"amount"', '-0.25', '20.50', undefined]);
    const list = await (await fetch(`${gatewayUrl}/exports/transfers.csv`, { headers })).text();
    expect(list.split('\r\n')).toHaveLength(4);
    expect((await fetch(`${gatewayUrl}/exports/transfers.csv`)).status).toBe(401);
  });

  it('are not moved by callbacks that no provider has signed', async () => {
    const signature = `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}`;
    const post = (provider: string) =>
      fetch(`${gatewayUrl}/webhooks/payments/${provider}`, {
        method: 'POST',
        headers: { 'outcry-signature': signature },
        body: '{"id":"evt_1","payment":{}}',
      });
    const refused = await post('local');
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_argument' }),
    ]);
    expect((await post('unknown')).status).toBe(404);
  });
});
