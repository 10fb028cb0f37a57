import { describe, expect, it } from 'vitest';
import { boundMail, normaliseAddress } from './mail.ts';

const mail = { from: 'a@example.com', subject: 'Hello', text: 'Text', messageId: '<1@example.com>' };

describe('normaliseAddress', () => {
  it('compares addresses without case', () => {
    expect(normaliseAddress(' Ada@Example.COM ')).toBe('ada@example.com');
  });
});

describe('boundMail', () => {
  it('keeps an ordinary mail as it is', () => {
    expect(boundMail(mail, 'digest')).toEqual(mail);
  });

  it('names a mail without a usable Message-ID by its content', () => {
    for (const messageId of ['', '  ', `<${'x'.repeat(300)}@example.com>`]) {
      expect(boundMail({ ...mail, messageId }, 'digest').messageId).toBe('<digest@no-message-id>');
    }
  });

  it('cuts what is too long and drops what no database takes', () => {
    const bounded = boundMail({ ...mail, subject: 'x'.repeat(2_000), text: 'a\0b\ud800' }, 'digest');
    expect(bounded.subject).toHaveLength(998);
    expect(bounded.subject.endsWith('…')).toBe(true);
    expect(bounded.text).toBe('ab\ufffd');
  });
});
