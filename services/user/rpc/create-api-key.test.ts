import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { secretRepeatedMs } from '../domain/api-key.ts';
import { pruneOnce } from '../jobs/prune.ts';
import {
  adminCredentials,
  registerAndLogIn,
  startOnlyUserService,
  type TestUserService,
} from '../testing/start-user.ts';

describe('createApiKey', () => {
  let service: TestUserService;
  let offsetMs = 0;
  let userId: string;
  let owner: { userToken: string };
  let request: { idempotencyKey: string; name: string; scopes: Scope[] };
  beforeAll(async () => {
    service = await startOnlyUserService({ nowMs: () => Date.now() + offsetMs });
  });
  afterAll(() => service?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    offsetMs = 0;
    const person = await registerAndLogIn(service, { email: `${randomUUID()}@example.com` });
    ({ userId } = person);
    owner = { userToken: person.userToken };
    request = { idempotencyKey: randomUUID(), name: 'robot', scopes: [Scope.TRADE, Scope.READ, Scope.READ] };
  });

  it('makes a key of the form ok_..., with what was asked for', async () => {
    const expireTime = timestampFromMs(Date.now() + 3_600_000);
    const terms = { ...request, expireTime, allowedNetworks: ['10.0.0.0/8', '2001:DB8::1'], callsPerSecondMax: 5 };
    const { apiKey, secret } = await service.apiKeys.createApiKey(terms, owner);
    expect(secret).toMatch(/^ok_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/);
    expect(apiKey).toMatchObject({
      prefix: secret.slice(0, 15),
      name: 'robot',
      scopes: [Scope.READ, Scope.TRADE],
      allowedNetworks: ['10.0.0.0/8', '2001:db8::1/128'],
      callsPerSecondMax: 5,
      expireTime,
      lastUseAddress: '',
    });
    expect(apiKey?.lastUseTime).toBeUndefined();
    expect(apiKey?.revokeTime).toBeUndefined();
  });

  it('answers repeats with the same secret, and stores it nowhere', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.apiKeys.createApiKey(request, owner)));
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    const { rows } = await service.deps.db.query<{ text: string }>(
      `SELECT k::text || (SELECT string_agg(i::text || encode(i.answer, 'escape'), ' ') FROM platform.idempotency_key i)
         || (SELECT string_agg(encode(o.payload, 'escape'), ' ') FROM platform.outbox o) AS text FROM api_key k`,
    );
    const secret = first?.secret.slice(16) ?? '';
    expect(secret).toHaveLength(43);
    for (const { text } of rows) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
      expect(text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
    }
  });

  it('answers the key without its secret when its time for that is over, and when it was revoked', async () => {
    const made = await service.apiKeys.createApiKey(request, owner);
    offsetMs = secretRepeatedMs + 1;
    expect(await service.apiKeys.createApiKey(request, owner)).toEqual({ ...made, secret: '' });
    await pruneOnce(service.deps);
    offsetMs = 0;
    // The salt is gone: no clock brings the secret back.
    expect((await service.apiKeys.createApiKey(request, owner)).secret).toBe('');
    const other = { ...request, idempotencyKey: randomUUID(), name: 'other' };
    const { apiKey, secret } = await service.apiKeys.createApiKey(other, owner);
    expect(secret).not.toBe('');
    await service.apiKeys.revokeApiKey({ keyId: apiKey?.keyId ?? '' }, owner);
    expect((await service.apiKeys.createApiKey(other, owner)).secret).toBe('');
  });

  it('refuses other terms under the same key', async () => {
    await service.apiKeys.createApiKey(request, owner);
    for (const changed of [{ name: 'other' }, { scopes: [Scope.READ] }, { allowedNetworks: ['::/0'] }]) {
      await expect(service.apiKeys.createApiKey({ ...request, ...changed }, owner)).rejects.toMatchObject({
        code: Code.ALREADY_EXISTS,
        reason: ErrorReason.KEY_REUSED,
      });
    }
  });

  it('names all fields that are wrong', async () => {
    const wrong = {
      idempotencyKey: '',
      name: ' ',
      scopes: [Scope.SESSION],
      allowedNetworks: ['10.0.0.0/33'],
      callsPerSecondMax: 10_001,
    };
    await expect(service.apiKeys.createApiKey(wrong, owner)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: ['idempotency_key', 'name', 'scopes', 'allowed_networks', 'calls_per_second_max'].map((field) => ({
        field,
        description: expect.any(String),
      })),
    });
    for (const expireMs of [Date.now() + 30_000, Date.now() - 1, Date.now() + 10 * 366 * 86_400_000]) {
      const ending = { ...request, expireTime: timestampFromMs(expireMs) };
      await expect(service.apiKeys.createApiKey(ending, owner)).rejects.toMatchObject({
        violations: [{ field: 'expire_time', description: expect.any(String) }],
      });
    }
  });

  it('refuses a name that a key has which is not revoked', async () => {
    const { apiKey } = await service.apiKeys.createApiKey(request, owner);
    const again = { ...request, idempotencyKey: randomUUID() };
    await expect(service.apiKeys.createApiKey(again, owner)).rejects.toMatchObject({
      code: Code.ALREADY_EXISTS,
      reason: ErrorReason.API_KEY_NAME_TAKEN,
    });
    await service.apiKeys.revokeApiKey({ keyId: apiKey?.keyId ?? '' }, owner);
    expect((await service.apiKeys.createApiKey(again, owner)).secret).not.toBe('');
  });

  it('makes at most 20 keys, however many calls come at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 25 }, (_, index) =>
        service.apiKeys.createApiKey({ ...request, idempotencyKey: `k${index}`, name: `key ${index}` }, owner),
      ),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals).toHaveLength(5);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ reason: ErrorReason.API_KEYS_OVER_LIMIT, metadata: { limit: '20' } });
    }
  });

  it('gives the scope admin to staff alone', async () => {
    const asAdmin = { ...request, scopes: [Scope.ADMIN] };
    await expect(service.apiKeys.createApiKey(asAdmin, owner)).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.ROLE_NOT_ALLOWED,
    });
    const { tokens } = await service.sessions.logIn(adminCredentials);
    const staff = { userToken: tokens?.accessToken ?? '' };
    expect((await service.apiKeys.createApiKey(asAdmin, staff)).apiKey?.scopes).toEqual([Scope.ADMIN]);
  });

  it('needs a live session: neither a key nor the token of one that was logged out makes keys', async () => {
    const { secret } = await service.apiKeys.createApiKey(request, owner);
    const second = { ...request, idempotencyKey: randomUUID(), name: 'second' };
    const byKey = service.apiKeys.createApiKey(second, { userToken: secret });
    await expect(byKey).rejects.toMatchObject({ reason: ErrorReason.SESSION_REQUIRED });
    await service.sessions.logOut({}, owner);
    await expect(service.apiKeys.createApiKey(second, owner)).rejects.toMatchObject({
      reason: ErrorReason.SESSION_ENDED,
    });
    const { rows } = await service.deps.db.query('SELECT FROM api_key WHERE account_id = $1', [userId]);
    expect(rows).toHaveLength(1);
  });
});
