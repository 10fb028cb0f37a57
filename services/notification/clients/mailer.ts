/** Sends mails to the mail server. */
import { createTransport, type NodemailerError } from 'nodemailer';
import { timeoutSignal } from '#platform/time/within.ts';
import type { Failure } from '../domain/delivery-policy.ts';

/** A mail to send. */
export type OutgoingMail = {
  to: string;
  subject: string;
  text: string;
  /** With angle brackets. The same in a mail that is sent again, so that its receiver recognises it. */
  messageId: string;
  timeMs: number;
};

/** Sends mails. Disposing it aborts mails in progress. */
export type Mailer = Disposable & {
  /** Resolves when the mail server has taken the mail. Rejects with MailError. */
  send(mail: OutgoingMail): Promise<void>;
};

/** The mail server did not confirm a mail. */
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
  /** Bound on sending one mail, connection included, in ms; default 20,000. A mail gets at least nine tenths of it. */
  sendTimeoutMs?: number;
};

const connectTimeoutMs = 5_000;
const silenceTimeoutMs = 10_000;
// Shorter than the idle timeout of mail servers, so that a connection that they have closed is seldom used.
const connectionIdleMs = 10_000;

/** A mailer with a pool of at most `connectionsMax` connections, made when they are needed. */
export function createMailer(options: MailerOptions): Mailer {
  const { smtpUrl, mailFrom, connectionsMax, sendTimeoutMs = 20_000 } = options;
  const closing = new AbortController();
  const currentSignal = createSharedSignal(sendTimeoutMs, closing.signal);
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
          signal: currentSignal(),
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

/**
 * A signal that aborts within `timeoutMs`, or with `closing`. Mails that begin close together share one, as each costs timers and
 * listeners.
 */
function createSharedSignal(timeoutMs: number, closing: AbortSignal): () => AbortSignal {
  let signal = closing;
  let replaceMs = 0;
  return () => {
    if (performance.now() >= replaceMs) {
      replaceMs = performance.now() + timeoutMs / 10;
      signal = AbortSignal.any([timeoutSignal(timeoutMs), closing]);
    }
    return signal;
  };
}

function failureOf(error: unknown): Failure {
  const { code, command, responseCode } = error as NodemailerError;
  if (responseCode !== undefined && responseCode >= 400) {
    // A refused log-in or sender's address concerns all mails and may be corrected; a refused receiver or text concerns this mail.
    const isOfThisMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
    return { type: 'refused', code: responseCode, isFinal: responseCode >= 500 && isOfThisMail };
  }
  if (code === 'ETIMEDOUT' || code === 'EABORT') return { type: 'timeout' };
  // Nodemailer itself refuses what cannot be an address.
  if (code === 'EENVELOPE') return { type: 'refused', code: 553, isFinal: true };
  return { type: 'unreachable' };
}
