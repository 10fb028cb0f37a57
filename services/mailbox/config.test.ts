import { describe, expect, it } from 'vitest';
import { readMailboxConfig } from './config.ts';

describe('readMailboxConfig', () => {
  it('takes mail on port 2525 unless another is set', () => {
    expect(readMailboxConfig({})).toEqual({ smtpPort: 2525 });
    expect(readMailboxConfig({ MAILBOX_SMTP_PORT: '0' })).toEqual({ smtpPort: 0 });
  });

  it('refuses what is no port', () => {
    for (const port of ['70000', '-1', 'smtp']) {
      expect(() => readMailboxConfig({ MAILBOX_SMTP_PORT: port }), port).toThrow(/MAILBOX_SMTP_PORT/);
    }
  });
});
