import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { readNotificationConfig } from './config.ts';

const env = { SMTP_URL: 'smtp://127.0.0.1:2525' };

describe('readNotificationConfig', () => {
  it('needs a mail server and has defaults for the rest', () => {
    expect(readNotificationConfig(env)).toEqual({
      smtpUrl: 'smtp://127.0.0.1:2525',
      publicUrl: '',
      mailFrom: 'no-reply@outcry.example',
      attemptsMax: 10,
      deliveriesMax: 8,
      streamsPerAccountMax: 16,
    });
  });

  it('never repeats an SMTP_URL that it refuses', () => {
    const read = () =>
      readNotificationConfig({ ...env, SMTP_URL: 'http://user:secret@host', NOTIFICATION_MAIL_FROM: 'x' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/SMTP_URL[\s\S]*NOTIFICATION_MAIL_FROM/);
    expect(read).not.toThrow(/secret/);
    expect(() => readNotificationConfig({})).toThrow(/SMTP_URL/);
  });
});
