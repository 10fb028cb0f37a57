/** The mailbox's own configuration, from the environment. */
import { collect, type Environment, integer } from '#platform/config/env.ts';

/** What the mailbox reads beside the base configuration. */
export type MailboxConfig = {
  /** MAILBOX_SMTP_PORT, default 2525: the SMTP port, on the interface of OUTCRY_HOST; 0 takes any free port. */
  smtpPort: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readMailboxConfig(env: Environment): MailboxConfig {
  return collect<MailboxConfig>({
    smtpPort: () => integer(env, 'MAILBOX_SMTP_PORT', { default: 2525, min: 0, max: 65_535 }),
  });
}
