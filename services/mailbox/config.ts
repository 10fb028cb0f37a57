/** The mailbox's own configuration, from the environment. */
import { readBaseConfig } from '#platform/config/base.ts';
import type { Environment } from '#platform/config/env.ts';
import { address, collect, integer } from '#platform/config/env.ts';

/** What the mailbox reads beside the base configuration. */
export type MailboxConfig = {
  /** USER_ADDRESS: whose keys verify tokens. */
  userAddress: string;
  /** MAILBOX_SMTP_PORT, default 2525: where mail is taken, on the interface of OUTCRY_HOST; 0 takes any free port. */
  smtpPort: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readMailboxConfig(env: Environment): MailboxConfig {
  const { userAddress, smtpPort } = collect<MailboxConfig & { base: unknown }>({
    base: () => readBaseConfig(env, 'mailbox', { requires: ['database'] }),
    userAddress: () => address(env, 'user'),
    smtpPort: () => integer(env, 'MAILBOX_SMTP_PORT', { default: 2525, min: 0, max: 65_535 }),
  });
  return { userAddress, smtpPort };
}
