import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { startTestMailbox, type TestMailbox } from '../testing/start-mailbox.ts';

describe('ListMails', () => {
  let service: TestMailbox;
  beforeAll(async () => {
    service = await startTestMailbox();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  const listOf = async (email: string, request = {}) =>
    service.mailbox.listMails(request, { userToken: await service.tokenOf(email) });

  it("shows the caller's own mail and nobody else's, whatever the case of the address", async () => {
    await service.send({
      to: ['Ada@Example.com', 'bob@example.com'],
      subject: 'Grüße',
      text: 'für Sie',
      messageId: '<m1@x>',
    });
    const { mails, nextPageToken } = await listOf('ada@example.COM');
    expect(nextPageToken).toBe('');
    expect(mails).toMatchObject([
      { from: 'sender@example.com', to: 'ada@example.com', subject: 'Grüße', messageId: '<m1@x>' },
    ]);
    expect(mails[0]?.text.trim()).toBe('für Sie');
    expect(Number(mails[0]?.receiveTime?.seconds)).toBeGreaterThan(Date.now() / 1_000 - 60);
    expect((await listOf('bob@example.com')).mails).toHaveLength(1);
    expect((await listOf('eve@example.com')).mails).toEqual([]);
  });

  it('gives pages, newest first', async () => {
    const email = 'pages@example.com';
    for (const subject of ['1', '2', '3']) await service.send({ to: email, subject });
    const first = await listOf(email, { pageSize: 2 });
    expect(first.mails.map(({ subject }) => subject)).toEqual(['3', '2']);
    const second = await listOf(email, { pageSize: 2, pageToken: first.nextPageToken });
    expect(second.mails.map(({ subject }) => subject)).toEqual(['1']);
    expect(second.nextPageToken).toBe('');
  });

  it('refuses sizes out of range and tokens of another box', async () => {
    const { nextPageToken } = await listOf('pages@example.com', { pageSize: 1 });
    const stolen = await failureOf(listOf('ada@example.com', { pageToken: nextPageToken }));
    expect(stolen).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: ErrorReason.PAGE_TOKEN_INVALID });
    expect(await failureOf(listOf('ada@example.com', { pageSize: 201 }))).toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
  });

  it('stays below the size of a message with the longest mails', async () => {
    const email = 'long@example.com';
    for (let count = 0; count < 5; count += 1) await service.send({ to: email, text: 'ü'.repeat(90_000) });
    const first = await listOf(email);
    expect(first.mails).toHaveLength(4);
    expect((await listOf(email, { pageToken: first.nextPageToken })).mails).toHaveLength(1);
  });

  it('needs a token', async () => {
    expect(await failureOf(service.mailbox.listMails({}))).toMatchObject({ code: Code.UNAUTHENTICATED });
  });
});
