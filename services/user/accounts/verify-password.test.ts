import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import type { GuessLimit } from '../domain/guess-limit.ts';
import { pruneOnce } from '../jobs/prune.ts';
import {
  createTestDatabases,
  registerAndLogIn,
  startTestUserService,
  type TestDatabases,
  type TestUserService,
} from '../testing/start-user.ts';
import type { GuessLimits } from './guess-throttle.ts';

const right = 'correct-horse';
const wrong = 'guess-guess';
const credentialsWrong = { code: Code.UNAUTHENTICATED, reason: ErrorReason.CREDENTIALS_WRONG };
const rateLimited = { code: Code.RESOURCE_EXHAUSTED, reason: ErrorReason.RATE_LIMITED };
const long: GuessLimit[1] = { size: 1_000, drainMs: 60_000 };
const wide: GuessLimit = [{ size: 1_000, drainMs: 1 }, long];
// Ten at once, and no further one while a test runs.
const strict: GuessLimits = { pair: [{ size: 10, drainMs: 60_000 }, long], address: wide };

describe('wrong passwords', () => {
  let databases: TestDatabases;
  let service: TestUserService;
  // It stands still within a test, so that nothing drains, however slow the machine is.
  let clock = Date.now;
  let lastAddress = 0;
  beforeAll(async () => {
    databases = await createTestDatabases();
    service = await start(strict);
  });
  beforeEach(() => stopClock(0));
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await databases?.[Symbol.asyncDispose]();
  });

  const start = (limits: GuessLimits) => startTestUserService(databases, { guessLimits: limits, nowMs: () => clock() });
  const startClock = (offsetMs: number) => {
    const startMs = clock() + offsetMs - Date.now();
    clock = () => Date.now() + startMs;
  };
  const stopClock = (offsetMs: number) => {
    const timeMs = Date.now() + offsetMs;
    clock = () => timeMs;
  };
  const nextAddress = () => {
    lastAddress += 1;
    return `203.0.113.${lastAddress}`;
  };
  const person = async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    return { email, ...(await registerAndLogIn(service, { email })) };
  };
  const logIn = (
    address: string,
    request: { email: string; password: string; knownDeviceToken?: string },
    { timeoutMs = 15_000, at = service } = {},
  ) => at.sessionsFrom(address).logIn(request, { timeoutMs });
  /** How `count` calls that are sent at once end: OK or the names of their reasons, counted. */
  const outcomes = async (calls: Promise<unknown>[]) => {
    const counts: Record<string, number> = {};
    for (const outcome of await Promise.allSettled(calls)) {
      const name = outcome.status === 'fulfilled' ? 'OK' : reasonName((outcome.reason as OutcryError).reason);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  const guess = (address: string, email: string, count: number) =>
    outcomes(Array.from({ length: count }, () => logIn(address, { email, password: wrong })));

  it('let the right one in at another address, and on a known device at the same', async () => {
    const { email, tokens } = await person();
    const [attacker, home] = [nextAddress(), nextAddress()];
    for (let count = 0; count < 10; count += 1) {
      await expect(logIn(attacker, { email, password: wrong })).rejects.toMatchObject(credentialsWrong);
    }
    await expect(logIn(attacker, { email, password: wrong })).rejects.toMatchObject(rateLimited);
    const knownDeviceToken = tokens.refreshToken;
    await expect(logIn(home, { email, password: right })).resolves.toBeDefined();
    await expect(logIn(attacker, { email, password: right, knownDeviceToken })).resolves.toBeDefined();
    // Also after the session was ended, and with a token that was used.
    const { tokens: next } = await service.sessions.refreshSession({ refreshToken: knownDeviceToken });
    await service.sessions.logOut({}, { userToken: next?.accessToken ?? '' });
    for (const token of [knownDeviceToken, next?.refreshToken]) {
      await expect(logIn(attacker, { email, password: right, knownDeviceToken: token ?? '' })).resolves.toBeDefined();
    }
  });

  it('delay the right one at the same address by no more than the time between two tries', async () => {
    const { email } = await person();
    const address = nextAddress();
    const limits: GuessLimits = { pair: [{ size: 3, drainMs: 20_000 }, long], address: wide };
    await using quick = await start(limits);
    for (let count = 0; count < 3; count += 1) {
      await expect(logIn(address, { email, password: wrong }, { at: quick })).rejects.toMatchObject(credentialsWrong);
    }
    // A caller without that much time learns when to come back.
    const refusal = await failureOf(logIn(address, { email, password: right }, { at: quick, timeoutMs: 10_000 }));
    expect(refusal).toMatchObject(rateLimited);
    expect(refusal.retryDelayMs).toBe(20_000);
    startClock(19_500);
    await expect(logIn(address, { email, password: right }, { at: quick, timeoutMs: 15_000 })).resolves.toBeDefined();
    // It has emptied the bucket.
    expect(await outcomes([logIn(address, { email, password: wrong }, { at: quick })])).toEqual({
      CREDENTIALS_WRONG: 1,
    });
  });

  it('are looked at no oftener than the limit says, however many come at once and at how many replicas', async () => {
    const { email } = await person();
    const address = nextAddress();
    await using second = await start(strict);
    const calls = Array.from({ length: 40 }, (_, index) =>
      logIn(address, { email, password: wrong }, { at: index % 2 === 0 ? service : second }),
    );
    expect(await outcomes(calls)).toEqual({ CREDENTIALS_WRONG: 10, RATE_LIMITED: 30 });
    const refusal = await failureOf(logIn(address, { email, password: right }, { at: second }));
    expect(refusal.retryDelayMs).toBeLessThanOrEqual(strict.pair[0].drainMs);
  });

  it('are limited alike for an address that no account has', async () => {
    const { email } = await person();
    const [known, unknown] = [nextAddress(), nextAddress()];
    const unused = `${crypto.randomUUID()}@example.com`;
    expect(await guess(unknown, unused, 12)).toEqual(await guess(known, email, 12));
    const refusals = [
      await failureOf(logIn(known, { email, password: wrong })),
      await failureOf(logIn(unknown, { email: unused, password: wrong })),
    ];
    expect(refusals[0]).toMatchObject(rateLimited);
    expect(refusals[1]?.message).toBe(refusals[0]?.message);
  });

  it('for many people from one address are limited by the address, and by no other', async () => {
    const { email, tokens } = await person();
    const [sprayer, home] = [nextAddress(), nextAddress()];
    const limits: GuessLimits = { pair: wide, address: [{ size: 6, drainMs: 60_000 }, long] };
    await using limited = await start(limits);
    const spray = (count: number) =>
      outcomes(
        Array.from({ length: count }, () =>
          logIn(sprayer, { email: `${crypto.randomUUID()}@example.com`, password: wrong }, { at: limited }),
        ),
      );
    expect(await spray(4)).toEqual({ CREDENTIALS_WRONG: 4 });
    // A log-in of its own does not give the sprayer any try back.
    await expect(logIn(sprayer, { email, password: right }, { at: limited })).resolves.toBeDefined();
    expect(await spray(10)).toEqual({ CREDENTIALS_WRONG: 2, RATE_LIMITED: 8 });
    await expect(logIn(home, { email, password: right }, { at: limited })).resolves.toBeDefined();
    const knownDeviceToken = tokens.refreshToken;
    await expect(logIn(sprayer, { email, password: right, knownDeviceToken }, { at: limited })).resolves.toBeDefined();
  });

  it('from a known device count against it, and then it is known no longer', async () => {
    const { email, tokens } = await person();
    const address = nextAddress();
    const calls = (count: number) =>
      Array.from({ length: count }, () =>
        logIn(address, { email, password: wrong, knownDeviceToken: tokens.refreshToken }),
      );
    expect(await outcomes(calls(10))).toEqual({ CREDENTIALS_WRONG: 10 });
    // Ten more, like every unknown device at this address.
    expect(await outcomes(calls(15))).toEqual({ CREDENTIALS_WRONG: 10, RATE_LIMITED: 5 });
  });

  it('are not excused by a token of another person', async () => {
    const [victim, attacker] = [await person(), await person()];
    const address = nextAddress();
    expect(await guess(address, victim.email, 12)).toEqual({ CREDENTIALS_WRONG: 10, RATE_LIMITED: 2 });
    for (const knownDeviceToken of [attacker.tokens.refreshToken, `ort_${'A'.repeat(43)}`, 'nonsense']) {
      await expect(logIn(address, { email: victim.email, password: wrong, knownDeviceToken })).rejects.toMatchObject(
        rateLimited,
      );
    }
  });

  it('for the current password are limited by the session, whatever strangers do', async () => {
    const { email, userToken } = await person();
    await guess(nextAddress(), email, 12);
    const change = (currentPassword: string) =>
      service.users.changePassword(
        { currentPassword, newPassword: 'battery-staple' },
        { userToken, timeoutMs: 15_000 },
      );
    expect(await outcomes(Array.from({ length: 12 }, () => change(wrong)))).toEqual({
      CREDENTIALS_WRONG: 10,
      RATE_LIMITED: 2,
    });
    stopClock(strict.pair[0].drainMs);
    await expect(change(right)).resolves.toBeDefined();
  });

  it('leave nothing behind once they mean nothing', async () => {
    const { email } = await person();
    await guess(nextAddress(), email, 12);
    stopClock(3 * 3_600_000);
    await pruneOnce(service.deps);
    const { rows } = await service.deps.db.query<{ count: bigint }>(
      'SELECT (SELECT count(*) FROM guess_limit) + (SELECT count(*) FROM wrong_password) AS count',
    );
    expect(rows).toEqual([{ count: 0n }]);
  });
});

describe('a flood of log-ins and registrations', () => {
  it('lets the right password in at another address and on a known device', async () => {
    await using databases = await createTestDatabases();
    await using service = await startTestUserService(databases, {
      env: { PASSWORD_HASH_CONCURRENCY: '1', PASSWORD_HASH_QUEUE_MAX: '20' },
    });
    const { tokens } = await registerAndLogIn(service, { email: 'ada@example.com' });
    const flooding = new AbortController();
    let refused = 0;
    const flood = async (call: () => Promise<unknown>) => {
      while (!flooding.signal.aborted) {
        const [outcome] = await Promise.allSettled([call()]);
        if (outcome?.status === 'rejected') refused += 1;
      }
    };
    const floods = Array.from({ length: 60 }, (_, index) =>
      flood(() =>
        index % 2 === 0
          ? service.sessionsFrom('203.0.113.1').logIn({ email: `${crypto.randomUUID()}@example.com`, password: wrong })
          : service.users.register({
              idempotencyKey: crypto.randomUUID(),
              email: `${crypto.randomUUID()}@example.com`,
              password: right,
              displayName: 'Flood',
            }),
      ),
    );
    await expect.poll(() => refused, { timeout: 60_000 }).toBeGreaterThan(60);
    const request = { email: 'ada@example.com', password: right };
    const patient = { timeoutMs: 30_000 };
    for (let count = 0; count < 5; count += 1) {
      await expect(service.sessionsFrom('203.0.113.2').logIn(request, patient)).resolves.toBeDefined();
      const known = { ...request, knownDeviceToken: tokens.refreshToken };
      await expect(service.sessionsFrom('203.0.113.1').logIn(known, patient)).resolves.toBeDefined();
    }
    flooding.abort();
    await Promise.all(floods);
    // Every try costs a hash of a tenth of a second or more, one at a time.
  }, 120_000);
});
