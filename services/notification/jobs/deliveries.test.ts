import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DepositCompletedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { claimDeliveries } from '../store/claim-deliveries.ts';
import { type FakeSmtp, startFakeSmtp, startSilentServer } from '../testing/fake-smtp.ts';
import { createTestWorld, startReplica, type TestReplica, type TestWorld } from '../testing/start-notification.ts';

const refusedOnce = { state: 'waiting', attempts: 1, last_failure: 'the mail server refused the mail (451)' };

describe('deliveries', () => {
  let world: TestWorld;
  let smtp: FakeSmtp;
  let accountId: string;
  // It passes only as the test says: each attempt is seen before the next is due, however slow the machine is.
  let clockMs: number;
  let staff: { userToken: string };
  const replicas: TestReplica[] = [];
  beforeEach(async () => {
    world = await createTestWorld();
    smtp = await startFakeSmtp(await freePort());
    accountId = uuidV7();
    world.contacts?.set(accountId, { userId: accountId, email: 'ada@example.com', displayName: 'Ada', house: false });
    clockMs = Date.now();
    staff = { userToken: await world.identity.userToken({ roles: ['operator'] }) };
  });
  afterEach(async () => {
    for (const replica of replicas.splice(0)) await replica[Symbol.asyncDispose]();
    await smtp[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const start = async (options: Partial<Parameters<typeof startReplica>[1]> = {}) => {
    const nowMs = () => clockMs;
    const replica = await startReplica(world, { smtpUrl: smtp.url, nowMs, ...options });
    replicas.push(replica);
    return replica;
  };
  const deposit = (amount = '1.00') =>
    world.publish(DepositCompletedSchema, { accountId, transferId: uuidV7(), amount, currency: 'USD' });
  const deliveries = async () => {
    const { rows } = await world.db.query<{ state: string; attempts: number; last_failure: string }>(
      'SELECT state, attempts, last_failure FROM delivery ORDER BY delivery_id',
    );
    return rows;
  };

  it('sends later what the mail server does not take now, and holds up no event meanwhile', async () => {
    const { port } = smtp;
    await smtp[Symbol.asyncDispose]();
    const service = await start();
    await deposit();
    const userToken = await world.identity.userToken({ userId: accountId });
    await eventually(async () => {
      expect((await service.messages.listMessages({}, { userToken })).messages).toHaveLength(1);
      expect(await deliveries()).toMatchObject([
        { state: 'waiting', attempts: 1, last_failure: 'the mail server could not be reached' },
      ]);
    });
    await deposit('2.00');
    await eventually(async () =>
      expect((await service.messages.listMessages({}, { userToken })).messages).toHaveLength(2),
    );
    smtp = await startFakeSmtp(port);
    clockMs += 5_000;
    await eventually(() => expect(smtp.mails).toHaveLength(2));
    await eventually(async () => expect(await deliveries()).toMatchObject([{ state: 'sent' }, { state: 'sent' }]));
  });

  it('gives up after a bounded number of attempts; staff list the dead letter and redrive it', async () => {
    smtp.refuseWith = 451;
    const service = await start({ attemptsMax: 2 });
    await deposit();
    await eventually(async () => expect(await deliveries()).toMatchObject([refusedOnce]));
    clockMs += 5_000;
    await eventually(async () => expect(await deliveries()).toMatchObject([{ state: 'dead', attempts: 2 }]));
    const { deadLetters } = await service.admin.listDeadLetters({}, staff);
    expect(deadLetters).toMatchObject([
      {
        accountId,
        subject: 'Deposit booked: 1.00 USD',
        attempts: 2,
        lastFailure: 'the mail server refused the mail (451)',
      },
    ]);
    smtp.refuseWith = undefined;
    const deadLetterIds = [deadLetters[0]?.deadLetterId ?? '', uuidV7(), 'no id'];
    expect(await service.admin.redriveDeadLetters({ deadLetterIds }, staff)).toMatchObject({ redrivenCount: 1 });
    expect(await service.admin.redriveDeadLetters({ deadLetterIds }, staff)).toMatchObject({ redrivenCount: 0 });
    await eventually(() => expect(smtp.mails).toHaveLength(1));
    expect((await service.admin.listDeadLetters({}, staff)).deadLetters).toEqual([]);
  });

  it('gives up at once what the mail server refuses permanently', async () => {
    smtp.refuseWith = 550;
    await start();
    await deposit();
    await eventually(async () => expect(await deliveries()).toMatchObject([{ state: 'dead', attempts: 1 }]));
  });

  it('has pages of ListDeadLetters on which each that is dead throughout is once, while others come and are redriven', async () => {
    smtp.refuseWith = 550;
    const service = await start();
    let deposits = 0;
    const fail = async (count: number) => {
      for (let index = 0; index < count; index += 1) await deposit();
      deposits += count;
      await eventually(async () => {
        expect((await deliveries()).filter(({ state }) => state === 'dead')).toHaveLength(deposits);
      });
    };
    await fail(6);
    const { deadLetters: before } = await service.admin.listDeadLetters({}, staff);
    const found: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await service.admin.listDeadLetters({ pageSize: 2, pageToken }, staff);
      found.push(...page.deadLetters.map(({ deadLetterId }) => deadLetterId));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
      // One that was listed is redriven, dies again as another one, and one more comes.
      await service.admin.redriveDeadLetters({ deadLetterIds: [found[0] ?? ''] }, staff);
      await fail(1);
    }
    const ids = before.map(({ deadLetterId }) => deadLetterId);
    expect(found.filter((id) => ids.includes(id))).toEqual(ids);
  });

  it('gives up an attempt at a server that never answers, within its time', async () => {
    await using silent = await startSilentServer();
    await start({ smtpUrl: silent.url, sendTimeoutMs: 300, deliveriesMax: 2 });
    for (let count = 0; count < 5; count += 1) await deposit();
    await eventually(async () => {
      const rows = await deliveries();
      expect(rows).toHaveLength(5);
      for (const row of rows) {
        expect(row).toMatchObject({ state: 'waiting', attempts: 1, last_failure: 'the mail server took too long' });
      }
    });
  });

  it('sends each mail once from any number of replicas, each within its bound of mails at once', async () => {
    smtp.takesMs = 20;
    await Promise.all([start({ deliveriesMax: 2 }), start({ deliveriesMax: 2 })]);
    await Promise.all(Array.from({ length: 30 }, (_, index) => deposit(`${index}.00`)));
    await eventually(async () => {
      const rows = await deliveries();
      expect(rows.filter(({ state }) => state === 'sent')).toHaveLength(30);
    });
    expect(smtp.mails).toHaveLength(30);
    expect(new Set(smtp.mails.map(({ messageId }) => messageId)).size).toBe(30);
    expect(smtp.busiest).toBeLessThanOrEqual(4);
  });

  it('sends a mail again, with the same Message-ID, when a process died with it', async () => {
    smtp.refuseWith = 451;
    const first = await start();
    const factId = await deposit();
    await eventually(async () => expect(await deliveries()).toMatchObject([refusedOnce]));
    await first[Symbol.asyncDispose]();
    replicas.splice(0);
    // Claimed by a process that dies before it stores the outcome.
    const nowMs = clockMs + 10_000;
    expect((await claimDeliveries(world.db, { limit: 1, nowMs, leaseMs: 60_000 })).deliveries).toHaveLength(1);
    smtp.refuseWith = undefined;
    clockMs += 71_000;
    await start();
    await eventually(() => expect(smtp.mails).toHaveLength(1));
    expect(smtp.mails[0]?.messageId).toBe(`<${factId}.transfer@outcry.example>`);
  });

  it('waits for the user service when only that knows the address, and gives up on people whom it does not know', async () => {
    const known = world.contacts;
    world.contacts = undefined;
    await start();
    await deposit();
    await eventually(async () =>
      expect(await deliveries()).toMatchObject([{ attempts: 1, last_failure: 'the address could not be looked up' }]),
    );
    world.contacts = known;
    await world.publish(DepositCompletedSchema, { accountId: uuidV7(), amount: '1.00', currency: 'USD' });
    clockMs += 5_000;
    await eventually(() => expect(smtp.mails).toHaveLength(1));
    await eventually(async () =>
      expect(await deliveries()).toMatchObject([
        { state: 'sent' },
        { state: 'dead', last_failure: 'no such person is known' },
      ]),
    );
  });
});
