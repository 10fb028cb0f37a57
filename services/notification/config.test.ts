import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { readNotificationConfig } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/notification',
  BUS_DATABASE_URL: 'postgres://localhost/bus',
  SERVICE_TOKEN_SECRET: 'x'.repeat(32),
  USER_ADDRESS: 'ipv4:127.0.0.1:9001',
  SMTP_URL: 'smtp://127.0.0.1:2525',
};

describe('readNotificationConfig', () => {
  it('needs a mail server and has defaults for the rest', () => {
    expect(readNotificationConfig(env)).toEqual({
      userAddress: 'ipv4:127.0.0.1:9001',
      smtpUrl: 'smtp://127.0.0.1:2525',
      publicUrl: '',
      mailFrom: 'no-reply@outcry.example',
      attemptsMax: 10,
      deliveriesMax: 4,
    });
  });

  it('never repeats an SMTP_URL that it refuses', () => {
    const read = () =>
      readNotificationConfig({ ...env, SMTP_URL: 'http://user:secret@host', NOTIFICATION_MAIL_FROM: 'x' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/SMTP_URL[\s\S]*NOTIFICATION_MAIL_FROM/);
    expect(read).not.toThrow(/secret/);
  });
});
