import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { DepositCompletedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { FillEmails, MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { cutBoxesOnce } from '../jobs/cut-boxes.ts';
import { deleteExpiredOnce } from '../jobs/delete-expired-rows.ts';
import { insertMessages } from '../store/insert-messages.ts';
import { type FakeSmtp, startFakeSmtp } from '../testing/fake-smtp.ts';
import { createTestWorld, startReplica, type TestReplica, type TestWorld } from '../testing/start-notification.ts';

describe('NotificationService', () => {
  let world: TestWorld;
  let smtp: FakeSmtp;
  let service: TestReplica;
  const accountId = uuidV7();
  let ada: { userToken: string };
  let eve: { userToken: string };
  beforeAll(async () => {
    world = await createTestWorld();
    smtp = await startFakeSmtp();
    service = await startReplica(world, { smtpUrl: smtp.url });
    ada = { userToken: await world.identity.userToken({ userId: accountId }) };
    eve = { userToken: await world.identity.userToken() };
    world.contacts?.set(accountId, { userId: accountId, email: 'ada@example.com', displayName: 'Ada' });
    for (const amount of ['1.00', '2.00', '3.00']) await deposit(amount);
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await smtp?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  async function deposit(amount: string) {
    const id = await world.publish(DepositCompletedSchema, {
      accountId,
      transferId: uuidV7(),
      amount,
      currency: 'USD',
    });
    await eventually(async () => {
      const { rows } = await world.db.query('SELECT FROM platform.inbox WHERE event_id = $1', [id]);
      expect(rows).toHaveLength(1);
    });
  }
  const subjects = (messages: { subject: string }[]) => messages.map(({ subject }) => subject.split(' ')[2]);

  it('returns pages, newest first', async () => {
    const first = await service.messages.listMessages({ pageSize: 2 }, ada);
    expect(subjects(first.messages)).toEqual(['3.00', '2.00']);
    expect(first.messages[0]).toMatchObject({ kind: MessageKind.TRANSFER });
    expect(first.messages[0]?.readTime).toBeUndefined();
    expect(first.unreadCount).toBe(3);
    const second = await service.messages.listMessages({ pageSize: 2, pageToken: first.nextPageToken }, ada);
    expect(subjects(second.messages)).toEqual(['1.00']);
    expect(second.nextPageToken).toBe('');
    const elsewhere = service.messages.listMessages({ pageToken: first.nextPageToken }, eve);
    expect(await failureOf(elsewhere)).toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });

  it('marks a message as read once, for its owner alone', async () => {
    const { messages } = await service.messages.listMessages({}, ada);
    const messageId = messages[0]?.messageId ?? '';
    const theft = await failureOf(service.messages.markMessageRead({ messageId }, eve));
    expect(theft).toMatchObject({ code: Code.NOT_FOUND, reason: ErrorReason.MESSAGE_NOT_FOUND });
    const once = await service.messages.markMessageRead({ messageId }, ada);
    expect(once.message?.readTime).toBeDefined();
    expect((await service.messages.markMessageRead({ messageId }, ada)).message).toEqual(once.message);
    const unread = await service.messages.listMessages({ unreadOnly: true }, ada);
    expect(subjects(unread.messages)).toEqual(['2.00', '1.00']);
    expect(unread.unreadCount).toBe(2);
    expect(await failureOf(service.messages.markMessageRead({ messageId: 'x' }, ada))).toMatchObject({
      code: Code.NOT_FOUND,
    });
    expect(await failureOf(service.messages.markMessageRead({}, ada))).toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('notifies of a kind only in the ways that its owner has chosen', async () => {
    const kind = MessageKind.TRANSFER;
    const { preferences } = await service.messages.setPreferences({ preferences: [{ kind }] }, ada);
    expect(preferences).toHaveLength(7);
    expect(preferences.find((preference) => preference.kind === kind)).toMatchObject({ email: false, inApp: false });
    expect((await service.messages.getPreferences({}, ada)).preferences).toEqual(preferences);
    await eventually(() => expect(smtp.mails).toHaveLength(3));
    await deposit('4.00');
    await service.messages.setPreferences({ preferences: [{ kind, email: true }] }, ada);
    await deposit('5.00');
    await eventually(() => expect(smtp.mails).toHaveLength(4));
    expect(smtp.mails[3]?.subject).toContain('5.00');
    expect((await service.messages.listMessages({}, ada)).messages).toHaveLength(3);
    await service.messages.setPreferences({}, ada);
    const all = (await service.messages.getPreferences({}, ada)).preferences;
    expect(all.every(({ email, inApp }) => email && inApp)).toBe(true);
  });

  it('leaves which fills are mailed as it was set when a client says nothing of it', async () => {
    const kind = MessageKind.FILL;
    const fillEmailsOf = ({ preferences }: { preferences: { kind: MessageKind; fillEmails: FillEmails }[] }) =>
      preferences.map(({ fillEmails }) => fillEmails).filter((fillEmails) => fillEmails !== FillEmails.UNSPECIFIED);
    expect(fillEmailsOf(await service.messages.getPreferences({}, eve))).toEqual([FillEmails.PROGRESS]);
    const set = { kind, email: true, inApp: true, fillEmails: FillEmails.AT_END };
    expect(fillEmailsOf(await service.messages.setPreferences({ preferences: [set] }, eve))).toEqual([
      FillEmails.AT_END,
    ]);
    const older = await service.messages.setPreferences({ preferences: [{ kind, email: true }] }, eve);
    expect(older.preferences.find((preference) => preference.kind === kind)).toMatchObject({
      email: true,
      inApp: false,
      fillEmails: FillEmails.AT_END,
    });
    expect(fillEmailsOf(await service.messages.setPreferences({}, eve))).toEqual([FillEmails.PROGRESS]);
  });

  it('refuses preferences that contradict each other or name no kind', async () => {
    for (const preferences of [
      [{}],
      [{ kind: 99 as MessageKind }],
      [{ kind: MessageKind.FILL }, { kind: MessageKind.FILL }],
      [{ kind: MessageKind.ORDER, fillEmails: FillEmails.AT_END }],
      [{ kind: MessageKind.FILL, fillEmails: 99 as FillEmails }],
    ]) {
      const failure = await failureOf(service.messages.setPreferences({ preferences }, ada));
      expect(failure).toMatchObject({ code: Code.INVALID_ARGUMENT });
    }
  });

  it('shows dead letters to staff alone, and bounds what is redriven at once', async () => {
    expect(await failureOf(service.admin.listDeadLetters({}, ada))).toMatchObject({ code: Code.PERMISSION_DENIED });
    const staff = { userToken: await world.identity.userToken({ roles: ['admin'] }) };
    for (const deadLetterIds of [[], Array.from({ length: 201 }, () => uuidV7())]) {
      const failure = await failureOf(service.admin.redriveDeadLetters({ deadLetterIds }, staff));
      expect(failure).toMatchObject({ code: Code.INVALID_ARGUMENT });
    }
  });

  it('stores the newest 1000 messages of a person, and none beyond 90 days', async () => {
    const other = uuidV7();
    const longAgoMs = Date.now() - 91 * 24 * 3_600_000;
    const messages = Array.from({ length: 2_002 }, (_, index) => ({
      messageId: uuidV7(longAgoMs + index),
      factId: uuidV7(),
      accountId: other,
      kind: 'fill' as const,
      subject: String(index),
      text: '',
      createTimeMs: longAgoMs + index,
    }));
    await insertMessages(world.db, messages);
    const stored = async () => {
      const { rows } = await world.db.query<{ subject: string }>(
        'SELECT subject FROM message WHERE account_id = $1 ORDER BY message_id',
        [other],
      );
      return rows.map(({ subject }) => Number(subject));
    };
    const grownBoxes = createGrownLists(100);
    grownBoxes.add(other, messages.length);
    grownBoxes.add(accountId, 3);
    while (await cutBoxesOnce({ db: world.db, grownBoxes }));
    expect(await stored()).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_002 + index));
    while (await deleteExpiredOnce({ db: world.db, nowMs: Date.now }));
    expect(await stored()).toEqual([]);
    expect((await service.messages.listMessages({}, ada)).messages).not.toEqual([]);
  });
});
