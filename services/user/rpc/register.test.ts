import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { registerAndLogIn, startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('register', () => {
  let service: TestUserService;
  beforeAll(async () => {
    service = await startOnlyUserService();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  const ada = { idempotencyKey: 'k1', email: 'Ada@Example.com', password: 'correct-horse', displayName: ' Ada ' };

  it('makes an active account with the default conditions, whose owner can log in', async () => {
    const { userId, userToken } = await registerAndLogIn(service, { email: 'Grace@example.com', displayName: 'Grace' });
    const { user } = await service.users.getProfile({}, { userToken });
    expect(user).toMatchObject({
      userId,
      email: 'grace@example.com',
      displayName: 'Grace',
      roles: [Role.USER],
      state: AccountState.ACTIVE,
      conditionsVersion: 1n,
      house: false,
      conditions: { orderNotionalMax: '1000000.00', openNotionalMax: '5000000.00', openOrdersMax: 200 },
    });
  });

  it('answers fifty equal calls at once with one user', async () => {
    const calls = Array.from({ length: 50 }, () => service.users.register(ada));
    const ids = new Set((await Promise.all(calls)).map(({ userId }) => userId));
    expect(ids.size).toBe(1);
  });

  it('compares normal forms, and refuses another body under the key', async () => {
    const first = await service.users.register(ada);
    const again = await service.users.register({ ...ada, email: ' ada@EXAMPLE.com', displayName: 'Ada' });
    expect(again.userId).toBe(first.userId);
    await expect(service.users.register({ ...ada, displayName: 'Eve' })).rejects.toMatchObject({
      code: Code.ALREADY_EXISTS,
      reason: ErrorReason.KEY_REUSED,
    });
  });

  it('refuses another password under the key, also for a taken address, and answers the same one alike', async () => {
    const fresh = { ...ada, idempotencyKey: 'secret-1', email: 'secret@example.com' };
    const { userId } = await service.users.register(fresh);
    const taken = { ...fresh, idempotencyKey: 'secret-2' };
    const { userId: takenId } = await service.users.register(taken);
    const refusals = await Promise.all(
      [fresh, taken].map((body) => failureOf(service.users.register({ ...body, password: 'battery-staple' }))),
    );
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: Code.ALREADY_EXISTS, reason: ErrorReason.KEY_REUSED });
    }
    expect(refusals[0]?.message).toBe(refusals[1]?.message);
    expect((await service.users.register(fresh)).userId).toBe(userId);
    expect((await service.users.register(taken)).userId).toBe(takenId);
  });

  it('answers a repeat also after the password was changed', async () => {
    const person = { ...ada, idempotencyKey: 'changed', email: 'changed@example.com' };
    const { userId } = await service.users.register(person);
    const { tokens } = await service.sessions.logIn(person);
    const change = { currentPassword: person.password, newPassword: 'battery-staple' };
    await service.users.changePassword(change, { userToken: tokens?.accessToken ?? '' });
    expect((await service.users.register(person)).userId).toBe(userId);
  });

  it('answers a taken address like a fresh one, by an id that no account has', async () => {
    const first = await service.users.register(ada);
    const taken = await service.users.register({ ...ada, idempotencyKey: 'k2', password: 'another-password' });
    expect(isUuidV7(taken.userId)).toBe(true);
    expect(taken.userId).not.toBe(first.userId);
    const again = await service.users.register({ ...ada, idempotencyKey: 'k2', password: 'another-password' });
    expect(again.userId).toBe(taken.userId);
    await expect(service.sessions.logIn({ email: ada.email, password: 'another-password' })).rejects.toMatchObject({
      reason: ErrorReason.CREDENTIALS_WRONG,
    });
    const { tokens } = await service.sessions.logIn({ email: ada.email, password: ada.password });
    expect(tokens?.userId).toBe(first.userId);
  });

  it('stores nothing of the password under the key', async () => {
    await service.users.register(ada);
    const { rows } = await service.deps.db.query<{ fingerprint: string }>(
      'SELECT fingerprint FROM platform.idempotency_key',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ fingerprint }) => /correct-horse|argon2|another-password/.test(fingerprint))).toBe(false);
  });

  it('names every field that is wrong', async () => {
    const call = service.users.register({ idempotencyKey: ' ', email: 'ada', password: 'x', displayName: '' });
    await expect(call).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: ErrorReason.INVALID_FIELD,
      violations: [{ field: 'idempotency_key' }, { field: 'email' }, { field: 'display_name' }],
    });
    await expect(service.users.register({ ...ada, displayName: 'Ada\u202e' })).rejects.toMatchObject({
      violations: [{ field: 'display_name' }],
    });
  });

  it('refuses a password that is easily guessed', async () => {
    for (const password of ['short', 'password1234', 'ada@example.com', 'alice@example.com', 'AdaExample1']) {
      await expect(service.users.register({ ...ada, password }), password).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
        reason: ErrorReason.PASSWORD_TOO_WEAK,
        violations: [{ field: 'password' }],
      });
    }
  });
});
