import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { startTestMailbox, type TestMailbox } from '../testing/start-mailbox.ts';

describe('the SMTP server of the mailbox', () => {
  let service: TestMailbox;
  beforeAll(async () => {
    service = await startTestMailbox();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  const subjectsOf = async (email: string) => {
    const { mails } = await service.mailbox.listMails({ pageSize: 200 }, { userToken: await service.tokenOf(email) });
    return mails.map(({ subject }) => subject);
  };

  it('keeps a mail once, however often and at once it is sent', async () => {
    const again = () => service.send({ to: 'ada@example.com', subject: 'once', messageId: '<fact@outcry>' });
    await Promise.all([again(), again(), again()]);
    await again();
    expect(await subjectsOf('ada@example.com')).toEqual(['once']);
  });

  it('refuses a mail over 256 KiB, and goes on', async () => {
    const large = service.send({ to: 'ada@example.com', subject: 'large', text: 'x'.repeat(300 * 1024) });
    await expect(large).rejects.toMatchObject({ responseCode: 552 });
    await service.send({ to: 'ada@example.com', subject: 'after' });
    expect(await subjectsOf('ada@example.com')).toEqual(['after', 'once']);
  });

  it('takes at most 50 recipients', async () => {
    const to = Array.from({ length: 60 }, (_, index) => `r${index}@example.com`);
    await service.send({ to, subject: 'many' });
    expect(await subjectsOf('r49@example.com')).toEqual(['many']);
    expect(await subjectsOf('r50@example.com')).toEqual([]);
  });

  it('stores mails that come together by few statements, and refuses none for another', async () => {
    const longest = `${'x'.repeat(330)}@example.com`;
    const [refused] = await Promise.allSettled([
      service.send({ to: longest }),
      ...Array.from({ length: 40 }, (_, index) => service.send({ to: 'together@example.com', subject: `${index}` })),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { responseCode: 501 } });
    const subjects = await subjectsOf('together@example.com');
    expect(subjects.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  it('keeps what is hardly a mail without falling over', async () => {
    const answer = await talk(service.smtpPort, [
      'EHLO test',
      'MAIL FROM:<>',
      'RCPT TO:<odd@example.com>',
      'DATA',
      'Content-Type: multipart/mixed; boundary=\r\n\r\n\0\xff--\r\n.',
      'QUIT',
    ]);
    expect(answer).toContain('250 kept');
    expect(await subjectsOf('odd@example.com')).toEqual(['']);
  });

  it('asks to come again while the database is away, and keeps nothing', async () => {
    await service.db.query('ALTER TABLE mail RENAME TO mail_away');
    const failed = service.send({ to: 'ada@example.com', subject: 'later' });
    await expect(failed).rejects.toMatchObject({
      responseCode: 451,
      response: expect.not.stringContaining('relation'),
    });
    await service.db.query('ALTER TABLE mail_away RENAME TO mail');
    await service.send({ to: 'ada@example.com', subject: 'later' });
    expect(await subjectsOf('ada@example.com')).toEqual(['later', 'after', 'once']);
  });

  it('keeps the newest 1000 mails of an address', async () => {
    await service.db.query(
      `INSERT INTO mail (mail_id, address, sender, subject, text, message_id, receive_time)
       SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'full@example.com', '', 'old', '', n::text, now()
       FROM generate_series(1, 1000) AS n`,
    );
    await service.send({ to: 'full@example.com', subject: 'new' });
    await eventually(async () => {
      const { rows } = await service.db.query<{ count: bigint; oldest: string }>(
        `SELECT count(*), min(mail_id::text) AS oldest FROM mail WHERE address = 'full@example.com'`,
      );
      expect(rows[0]).toEqual({ count: 1_000n, oldest: '00000000-0000-7000-8000-000000000002' });
    });
    expect((await subjectsOf('full@example.com'))[0]).toBe('new');
  });
});

/** Sends the lines one by one, each after an answer to the one before, and resolves to all that was answered. */
function talk(port: number, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answers = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (data) => {
      answers += data;
      const line = /^\d{3} .*\r\n$/m.test(String(data)) ? lines.shift() : undefined;
      if (line !== undefined) socket.write(Buffer.from(`${line}\r\n`, 'latin1'));
    });
    socket.on('close', () => resolve(answers));
    socket.on('error', reject);
  });
}
