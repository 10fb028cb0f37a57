/** Works on one claimed delivery: finds the address, sends the mail. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inGroup } from '#platform/telemetry/group-span.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { SpanKind } from '#platform/telemetry/spans.ts';
import type { ContactBook } from '../clients/contact-book.ts';
import { MailError, type Mailer, type OutgoingMail } from '../clients/mailer.ts';
import { type Failure, nextStep } from '../domain/delivery-policy.ts';
import type { ClaimedDelivery, Contact, Outcome } from '../domain/message.ts';
import type { MailTraces } from './mail-traces.ts';

/** What a delivery needs. */
export type DeliverOptions = {
  contacts: ContactBook;
  mailer: Mailer;
  publicUrl: string;
  mailFrom: string;
  attemptsMax: number;
  /** Unix milliseconds. */
  nowMs: () => number;
  logger: Logger;
  metrics: Metrics;
  /** Absent: mails are part of no trace. */
  mailTraces?: Pick<MailTraces, 'take'>;
};

/** Delivers one mail. The function rejects only on a fault; the delivery is then due again when its claim ends. */
export function createDeliver(options: DeliverOptions): (delivery: ClaimedDelivery) => Promise<Outcome> {
  const { attemptsMax, logger, nowMs } = options;
  const ended = options.metrics.counter({
    name: 'outcry_mail_attempts_total',
    help: 'Attempts to send a mail, by outcome.',
    labels: ['outcome'],
  });
  return async (delivery) => {
    const { deliveryId, attempts } = delivery;
    const failure = await trySend(options, delivery);
    if (failure === undefined) {
      ended.inc({ outcome: 'sent' });
      return { deliveryId, attempts, type: 'sent' };
    }
    const step = nextStep(failure, attempts, attemptsMax);
    logger.warn({ deliveryId, attempts, failure: step.text, next: step.type }, 'a mail was not sent');
    ended.inc({ outcome: step.type });
    const outcome = { deliveryId, attempts, failure: step.text };
    return step.type === 'again'
      ? { ...outcome, type: 'again', nextTimeMs: nowMs() + step.delayMs }
      : { ...outcome, type: 'given-up', deadLetterId: uuidV7() };
  };
}

async function trySend(options: DeliverOptions, delivery: ClaimedDelivery): Promise<Failure | undefined> {
  // The process of the last attempt ended before it stored the outcome.
  if (delivery.attempts > options.attemptsMax) return { type: 'timeout' };
  let contact = delivery.contact;
  try {
    contact ??= await options.contacts.lookUp(delivery.accountId);
  } catch (error) {
    options.logger.debug({ error }, 'a contact could not be looked up');
    return { type: 'no-address', isFinal: false };
  }
  if (contact === undefined) return { type: 'no-address', isFinal: true };
  // The delivery was deleted when the account was found to be the house's.
  if (contact.house) return undefined;
  try {
    const mail = composeMail(delivery, contact, options);
    const traces = options.mailTraces?.take(delivery.accountId) ?? [];
    await inGroup({ name: 'send mail', kind: SpanKind.CLIENT }, traces, () => options.mailer.send(mail));
    return undefined;
  } catch (error) {
    if (error instanceof MailError) return error.failure;
    throw error;
  }
}

/** The mail of a delivery. All of it follows from the fact and the person, so that a repeat is the same mail. */
function composeMail(
  delivery: ClaimedDelivery,
  contact: Contact,
  { publicUrl, mailFrom }: DeliverOptions,
): OutgoingMail {
  const { factId, kind, subject, text, factTimeMs } = delivery;
  const domain = mailFrom.slice(mailFrom.lastIndexOf('@') + 1);
  const footer = publicUrl === '' ? '' : `\n\n${publicUrl}`;
  return {
    to: contact.email,
    subject,
    text: `Hello ${contact.displayName},\n\n${text}${footer}\n`,
    messageId: `<${factId}.${kind}@${domain}>`,
    timeMs: factTimeMs,
  };
}
