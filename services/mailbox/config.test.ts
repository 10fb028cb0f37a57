import { describe, expect, it } from 'vitest';
import { readMailboxConfig } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/mailbox',
  SERVICE_TOKEN_SECRET: 'x'.repeat(32),
  USER_ADDRESS: 'ipv4:127.0.0.1:9001',
};

describe('readMailboxConfig', () => {
  it('takes mail on port 2525 unless told otherwise', () => {
    expect(readMailboxConfig(env)).toEqual({ userAddress: 'ipv4:127.0.0.1:9001', smtpPort: 2525 });
    expect(readMailboxConfig({ ...env, MAILBOX_SMTP_PORT: '0' }).smtpPort).toBe(0);
  });

  it('names every problem at once', () => {
    const wrong = { ...env, DATABASE_URL: '', USER_ADDRESS: '', MAILBOX_SMTP_PORT: '70000' };
    expect(() => readMailboxConfig(wrong)).toThrow(/DATABASE_URL[\s\S]*USER_ADDRESS[\s\S]*MAILBOX_SMTP_PORT/);
  });
});
