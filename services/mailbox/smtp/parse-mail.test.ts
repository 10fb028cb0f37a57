import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { parseMail } from './parse-mail.ts';

const head = ['From: Outcry <no-reply@example.com>', 'Subject: =?UTF-8?Q?F=C3=BClled?=', 'Message-ID: <1@example.com>'];
const plain = ['Content-Transfer-Encoding: 7bit', 'Content-Type: text/plain; charset=utf-8'];
const mailOf = (lines: string[], body: string) => Buffer.from(`${[...head, ...lines].join('\r\n')}\r\n\r\n${body}`);

describe('parseMail', () => {
  it.each([
    ['text as it stands', plain, 'One.\r\n\r\nTwo: 3\r\n'],
    [
      'text in UTF-8',
      ['Content-Transfer-Encoding: 8bit', 'Content-Type: text/plain; charset=utf-8'],
      'Zoë\r\nbought €\r\n',
    ],
    ['a text that ends within a line', plain, 'One\r\ntwo'],
    ['a header that ends by bare line feeds', ['X: y\n', ...plain], 'One\r\n'],
    ['no text', plain, ''],
    [
      'quoted-printable',
      ['Content-Transfer-Encoding: quoted-printable', 'Content-Type: text/plain; charset=utf-8'],
      'Zo=C3=AB\r\n',
    ],
    ['base64', ['Content-Transfer-Encoding: base64', 'Content-Type: text/plain; charset=utf-8'], 'T25l\r\n'],
    [
      'another character set',
      ['Content-Transfer-Encoding: 7bit', 'Content-Type: text/plain; charset=utf-7'],
      'One\r\n',
    ],
    [
      'flowed text',
      ['Content-Transfer-Encoding: 7bit', 'Content-Type: text/plain; charset=utf-8; format=flowed'],
      'One \r\ntwo\r\n',
    ],
    [
      'folded headers',
      ['Content-Transfer-Encoding: 7bit', 'Content-Type: text/plain; charset=utf-8;', ' format=flowed'],
      'One \r\ntwo\r\n',
    ],
    ['two types', [...plain, 'Content-Type: multipart/mixed; boundary=b'], '--b\r\n\r\nOne\r\n--b--\r\n'],
    ['no type', [], 'One\r\n'],
  ])('reads %s as the parser of whole mails does', async (_name, lines, body) => {
    const bytes = mailOf(lines, body);
    const { subject = '', text = '', messageId = '', from } = await PostalMime.parse(bytes);
    const parsed = await parseMail(bytes, 'envelope@example.com');
    expect(parsed).toEqual({ subject, text, messageId, from: from?.address });
    expect(parsed.subject).toBe('Fülled');
  });
});
