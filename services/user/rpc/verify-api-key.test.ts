import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { endedKeyStoredMs } from '../domain/api-key.ts';
import { pruneOnce } from '../jobs/prune.ts';
import { registerAndLogIn, startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('API keys at the user service', () => {
  let service: TestUserService;
  let offsetMs = 0;
  let userId: string;
  let owner: { userToken: string };
  beforeAll(async () => {
    service = await startOnlyUserService({ nowMs: () => Date.now() + offsetMs });
  });
  afterAll(() => service?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    offsetMs = 0;
    const person = await registerAndLogIn(service, { email: `${randomUUID()}@example.com` });
    ({ userId } = person);
    owner = { userToken: person.userToken };
  });

  async function make(terms: {
    name?: string;
    expireMs?: number;
    allowedNetworks?: string[];
    callsPerSecondMax?: number;
  }) {
    const { expireMs, name = 'robot', ...rest } = terms;
    const { apiKey, secret } = await service.apiKeys.createApiKey(
      {
        idempotencyKey: randomUUID(),
        name,
        scopes: [Scope.READ],
        ...rest,
        ...(expireMs !== undefined && { expireTime: timestampFromMs(expireMs) }),
      },
      owner,
    );
    return { keyId: apiKey?.keyId ?? '', apiKey: secret };
  }
  const verify = (apiKey: string, clientAddress = '') =>
    service.internal('gateway').verifyApiKey({ apiKey, clientAddress });
  const listed = async () => (await service.apiKeys.listApiKeys({}, owner)).apiKeys;

  it('exchanges a key for a short token with its owner, roles and scopes', async () => {
    const { apiKey, keyId } = await make({ allowedNetworks: ['10.0.0.0/8'], callsPerSecondMax: 3 });
    const answer = await verify(apiKey);
    expect(answer).toMatchObject({
      refusal: ErrorReason.UNSPECIFIED,
      allowedNetworks: ['10.0.0.0/8'],
      callsPerSecondMax: 3,
    });
    const claims = decodeJwt(answer.accessToken);
    expect(claims).toMatchObject({ sub: userId, roles: ['user'], key: { id: keyId, scopes: ['read'] } });
    expect(claims.sid).toBeUndefined();
    expect(Number(claims.exp) - Number(claims.iat)).toBe(120);
  });

  it('answers unknown for another secret or prefix alike, and says revoked and expired to who has the secret', async () => {
    const { apiKey, keyId } = await make({ expireMs: Date.now() + 120_000 });
    const other = (await make({ name: 'other' })).apiKey;
    for (const wrong of [
      '',
      'ok_',
      `${apiKey}x`,
      apiKey.slice(0, 16) + other.slice(16),
      `ok_${'a'.repeat(12)}${other.slice(15)}`,
    ]) {
      expect(await verify(wrong)).toMatchObject({ refusal: ErrorReason.API_KEY_UNKNOWN, accessToken: '' });
    }
    offsetMs = 120_001;
    expect((await verify(apiKey)).refusal).toBe(ErrorReason.API_KEY_EXPIRED);
    offsetMs = 0;
    const { apiKey: ended } = await service.apiKeys.revokeApiKey({ keyId }, owner);
    expect(ended?.revokeTime).toBeDefined();
    expect((await service.apiKeys.revokeApiKey({ keyId }, owner)).apiKey).toEqual(ended);
    expect((await verify(apiKey)).refusal).toBe(ErrorReason.API_KEY_REVOKED);
  });

  it('notes the last use to the minute, with its address, and none from where the key may not be used', async () => {
    const { apiKey } = await make({ allowedNetworks: ['192.0.2.0/24'] });
    await verify(apiKey, '203.0.113.1');
    expect((await listed())[0]?.lastUseTime).toBeUndefined();
    await verify(apiKey, '192.0.2.1');
    await verify(apiKey, '192.0.2.2');
    const [first] = await listed();
    expect(first).toMatchObject({ lastUseAddress: '192.0.2.1', lastUseTime: expect.anything() });
    offsetMs = 60_001;
    await verify(apiKey, '192.0.2.2');
    expect((await listed())[0]).toMatchObject({ lastUseAddress: '192.0.2.2' });
  });

  it('takes the roles of the owner as they are now', async () => {
    const { apiKey } = await make({});
    await service.deps.db.query(`UPDATE account SET roles = '{operator}' WHERE account_id = $1`, [userId]);
    expect(decodeJwt((await verify(apiKey)).accessToken).roles).toEqual(['operator']);
  });

  it('is for services alone', async () => {
    const byPerson = service.internal('simulator').verifyApiKey({ apiKey: 'ok_', clientAddress: '' });
    await expect(byPerson).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
  });

  it('lets a key call what it may at this service too', async () => {
    const { apiKey } = await make({});
    const byKey = { userToken: apiKey };
    expect((await service.users.getProfile({}, byKey)).user?.userId).toBe(userId);
    await expect(service.users.updateProfile({ displayName: 'x' }, byKey)).rejects.toMatchObject({
      reason: ErrorReason.SESSION_REQUIRED,
    });
    const elsewhere = await make({ name: 'elsewhere', allowedNetworks: ['203.0.113.0/24'] });
    await expect(service.users.getProfile({}, { userToken: elsewhere.apiKey })).rejects.toMatchObject({
      reason: ErrorReason.API_KEY_ADDRESS_NOT_ALLOWED,
    });
    const local = await make({ name: 'local', allowedNetworks: ['127.0.0.0/8'] });
    expect((await service.users.getProfile({}, { userToken: local.apiKey })).user?.userId).toBe(userId);
  });

  it('lists the keys of their owner, newest first and page by page, until 30 days after their end', async () => {
    const names = ['one', 'two', 'three'];
    const keys: string[] = [];
    for (const name of names) keys.push((await make({ name })).keyId);
    const first = await service.apiKeys.listApiKeys({ pageSize: 2 }, owner);
    expect(first.apiKeys.map(({ name }) => name)).toEqual(['three', 'two']);
    // A key that is made between two pages moves none of the others.
    await make({ name: 'four' });
    const second = await service.apiKeys.listApiKeys({ pageSize: 2, pageToken: first.nextPageToken }, owner);
    expect(second.apiKeys.map(({ name }) => name)).toEqual(['one']);
    expect(second.nextPageToken).toBe('');
    const stranger = await registerAndLogIn(service, { email: `${randomUUID()}@example.com` });
    const asStranger = { userToken: stranger.userToken };
    expect((await service.apiKeys.listApiKeys({}, asStranger)).apiKeys).toEqual([]);
    const revoke = (keyId: string, as: { userToken: string }) => service.apiKeys.revokeApiKey({ keyId }, as);
    const notFound = { code: Code.NOT_FOUND, reason: ErrorReason.API_KEY_NOT_FOUND };
    await expect(revoke(keys[0] ?? '', asStranger)).rejects.toMatchObject(notFound);
    await expect(revoke('no-id', owner)).rejects.toMatchObject(notFound);
    await revoke(keys[0] ?? '', owner);
    offsetMs = endedKeyStoredMs - 60_000;
    await pruneOnce(service.deps);
    expect(await listed()).toHaveLength(4);
    offsetMs = endedKeyStoredMs + 60_000;
    await pruneOnce(service.deps);
    expect((await listed()).map(({ name }) => name)).toEqual(['four', 'three', 'two']);
  });
});
