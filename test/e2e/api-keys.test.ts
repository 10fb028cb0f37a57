/** API keys through the whole system: made by a session, used for orders, noted, refused everywhere soon after they are revoked. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { readRunFile } from '../../supervisor/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, registerInvestor } from '../support/investor.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';
import { serviceOptions } from '../support/system-caller.ts';

const shared = inject('sharedSystem');
const client = createTestClient('grpc', shared.gatewayUrl);
let owner: Investor;
let symbol: string;

beforeAll(async () => {
  owner = await registerInvestor(client);
  symbol = await openBook(await logInAdmin(client, shared));
});

async function makeKey(...scopes: string[]): Promise<{ keyId: string; key: string }> {
  const name = randomUUID();
  const { apiKey, secret } = await owner.call('ApiKeyService/CreateApiKey', { idempotencyKey: name, name, scopes });
  return { keyId: (apiKey as { keyId: string }).keyId, key: secret as string };
}

const place = (key: string) =>
  client.call(
    'OrderService/PlaceOrder',
    { clientOrderId: randomUUID(), terms: limitTerms('BUY', symbol, '1', '90.00') },
    key,
  );

async function keyOf(keyId: string): Promise<JsonObject | undefined> {
  const { apiKeys } = await owner.call('ApiKeyService/ListApiKeys', { pageSize: 100 });
  return (apiKeys as JsonObject[]).find((apiKey) => apiKey.keyId === keyId);
}

/** How often the user service was asked about a key so far. */
async function verifications(): Promise<number> {
  const user = readRunFile(shared.dataDirectory)?.processes.find(({ name }) => name === 'user');
  const metrics = await (await fetch(`http://127.0.0.1:${user?.adminPort}/metrics`)).text();
  const counts = metrics.matchAll(
    /^rpc_server_call_duration_seconds_count\{.*rpc_method="[^"]+\/VerifyApiKey".*\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('an API key', () => {
  it('places and lists orders without a look at the user service for each, and shows its last use', async () => {
    const { keyId, key } = await makeKey('SCOPE_READ', 'SCOPE_TRADE');
    expect((await keyOf(keyId))?.lastUseTime).toBeUndefined();
    const before = await verifications();
    for (let round = 0; round < 10; round += 1) {
      const reads = Array.from({ length: 20 }, () => client.call('OrderService/ListOrders', {}, key));
      await Promise.all([place(key), ...reads]);
    }
    expect((await verifications()) - before).toBeLessThan(20);
    expect(await keyOf(keyId)).toMatchObject({ lastUseTime: expect.any(String), lastUseAddress: expect.any(String) });
    await client.call('OrderService/CancelAllOrders', {}, key);
  });

  it('is mailed to its owner, without its secret', async () => {
    const { key } = await makeKey('SCOPE_READ');
    const texts = await eventually(async () => {
      const { mails } = await client.call('MailboxService/ListMails', { pageSize: 50 }, key);
      const found = ((mails ?? []) as JsonObject[]).map(({ text }) => String(text));
      expect(found.join()).toContain(key.slice(0, 15));
      return found;
    });
    expect(texts.join()).not.toContain(key.slice(16));
  });

  it('is accepted by a service that is called directly, and held to its scope there', async () => {
    const { key } = await makeKey('SCOPE_READ');
    const { address } = serviceOptions(shared, 'order', 'gateway');
    await using orders = createRpcClient(OrderService, { address, serviceToken: undefined });
    expect((await orders.listOrders({}, { userToken: key })).orders).toEqual(expect.any(Array));
    await expect(orders.cancelAllOrders({}, { userToken: key })).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.API_KEY_SCOPE_MISSING,
    });
  });

  it('that is revoked is refused within a minute, while it is in use', { timeout: 120_000 }, async () => {
    const { keyId, key } = await makeKey('SCOPE_READ');
    await client.call('OrderService/ListOrders', {}, key);
    const startMs = performance.now();
    await owner.call('ApiKeyService/RevokeApiKey', { keyId });
    const refused = () => refusalOf(client.call('OrderService/ListOrders', {}, key));
    await eventually(async () => expect(await refused()).toMatchObject({ reason: 'API_KEY_REVOKED' }), {
      timeoutMs: 90_000,
    });
    // The minute, and what the last call took.
    expect(performance.now() - startMs).toBeLessThan(70_000);
  });
});
