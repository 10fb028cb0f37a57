/** The notification service's own configuration, from the environment. */
import { ConfigError, collect, type Environment, integer, requireText, text } from '#platform/config/env.ts';

/** What the notification service reads beside the base configuration. */
export type NotificationConfig = {
  /** SMTP_URL: the mail server, `smtp://host:port` or `smtps://user:password@host:port`. */
  smtpUrl: string;
  /** PUBLIC_URL: the address of the app, at the end of each mail; empty for none. */
  publicUrl: string;
  /** NOTIFICATION_MAIL_FROM, default `no-reply@outcry.example`: the sender's address. */
  mailFrom: string;
  /** NOTIFICATION_ATTEMPTS_MAX, default 10, 1 to 20: attempts to send a mail before it is given up. */
  attemptsMax: number;
  /** NOTIFICATION_DELIVERIES_MAX, default 8, 1 to 32: mails sent at once by one replica. */
  deliveriesMax: number;
  /** NOTIFICATION_STREAMS_PER_ACCOUNT_MAX, default 16, 1 to 1000: open streams of one account at one replica. */
  streamsPerAccountMax: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readNotificationConfig(env: Environment): NotificationConfig {
  return collect<NotificationConfig>({
    smtpUrl: () => readSmtpUrl(env),
    publicUrl: () => text(env, 'PUBLIC_URL', ''),
    mailFrom: () => readMailFrom(env),
    attemptsMax: () => integer(env, 'NOTIFICATION_ATTEMPTS_MAX', { default: 10, min: 1, max: 20 }),
    deliveriesMax: () => integer(env, 'NOTIFICATION_DELIVERIES_MAX', { default: 8, min: 1, max: 32 }),
    streamsPerAccountMax: () =>
      integer(env, 'NOTIFICATION_STREAMS_PER_ACCOUNT_MAX', { default: 16, min: 1, max: 1_000 }),
  });
}

// The URL may carry a password, so no message repeats it.
function readSmtpUrl(env: Environment): string {
  const url = requireText(env, 'SMTP_URL');
  if (URL.canParse(url) && /^smtps?:$/.test(new URL(url).protocol) && new URL(url).hostname !== '') return url;
  throw new ConfigError(['SMTP_URL is not of the form smtp://host:port or smtps://user:password@host:port']);
}

function readMailFrom(env: Environment): string {
  const from = text(env, 'NOTIFICATION_MAIL_FROM', 'no-reply@outcry.example');
  if (/^[^\s@<>]+@[^\s@<>]+$/.test(from)) return from;
  throw new ConfigError(['NOTIFICATION_MAIL_FROM is not an e-mail address']);
}
