/** Hands mails to the mail server. */
import { createTransport, type NodemailerError } from 'nodemailer';
import { timeoutSignal } from '#platform/time/within.ts';
import type { Failure } from '../domain/delivery-policy.ts';

/** A mail that is ready to go. */
export type OutgoingMail = {
  to: string;
  subject: string;
  text: string;
  /** With angle brackets. A mail that is sent again has the same, by which its receiver recognises it. */
  messageId: string;
  timeMs: number;
};

/** Sends mails. Disposing it breaks off what is being sent. */
export type Mailer = Disposable & {
  /** Resolves when the mail server has taken the mail. Rejects with MailError. */
  send(mail: OutgoingMail): Promise<void>;
};

/** The mail server did not take a mail, as far as is known. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super(`sending failed: ${failure.type}`, { cause });
    this.failure = failure;
  }
}

/** How to reach the mail server. */
export type MailerOptions = {
  smtpUrl: string;
  /** The sender's address. */
  mailFrom: string;
  connectionsMax: number;
  /** The whole time of one mail, in ms; default 20,000. */
  sendTimeoutMs?: number;
};

const connectTimeoutMs = 5_000;
const silenceTimeoutMs = 10_000;
// Shorter than the patience of mail servers, so that a connection that they closed is seldom taken for a live one.
const connectionIdleMs = 10_000;

/** A mailer with a pool of at most `connectionsMax` connections, made when they are needed. */
export function createMailer(options: MailerOptions): Mailer {
  const { smtpUrl, mailFrom, connectionsMax, sendTimeoutMs = 20_000 } = options;
  const closing = new AbortController();
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: connectionsMax,
    maxRequeues: 1,
    idleTimeout: connectionIdleMs,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, messageId, timeMs }) {
      try {
        await transport.sendMail({
          // As objects: an address is never read as a list of several.
          from: { name: 'Outcry', address: mailFrom },
          to: { name: '', address: to },
          subject,
          text,
          messageId,
          date: new Date(timeMs),
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.any([timeoutSignal(sendTimeoutMs), closing.signal]),
        });
      } catch (error) {
        throw new MailError(failureOf(error), error);
      }
    },
    [Symbol.dispose]() {
      closing.abort();
      transport.close();
    },
  };
}

function failureOf(error: unknown): Failure {
  const { code, command, responseCode } = error as NodemailerError;
  if (responseCode !== undefined && responseCode >= 400) {
    // A server that refuses our log-in or our sender's address means all mails, and may be set right; one that refuses a
    // receiver or a text means this mail.
    const isOfThisMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
    return { type: 'refused', code: responseCode, isFinal: responseCode >= 500 && isOfThisMail };
  }
  if (code === 'ETIMEDOUT' || code === 'EABORT') return { type: 'timeout' };
  // Nodemailer refuses by itself what can be no address.
  if (code === 'EENVELOPE') return { type: 'refused', code: 553, isFinal: true };
  return { type: 'unreachable' };
}
