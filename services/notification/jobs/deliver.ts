/** Works on one claimed delivery: finds the address, sends the mail, stores the outcome. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ContactBook } from '../clients/contact-book.ts';
import { MailError, type Mailer, type OutgoingMail } from '../clients/mailer.ts';
import type { NotificationDeps } from '../deps.ts';
import { type Failure, nextStep } from '../domain/delivery-policy.ts';
import type { Contact, Delivery } from '../domain/message.ts';
import { giveUpDelivery } from '../store/give-up-delivery.ts';
import { markSent } from '../store/mark-sent.ts';
import { postponeDelivery } from '../store/postpone-delivery.ts';

/** What a delivery needs. */
export type DeliverOptions = {
  deps: NotificationDeps;
  contacts: ContactBook;
  mailer: Mailer;
  publicUrl: string;
  mailFrom: string;
  attemptsMax: number;
  logger: Logger;
  metrics: Metrics;
};

/** Delivers one mail. The function rejects only when the database is unavailable; the delivery is then due again when its claim ends. */
export function createDeliver(options: DeliverOptions): (delivery: Delivery) => Promise<void> {
  const { deps, attemptsMax, logger } = options;
  const ended = options.metrics.counter({
    name: 'outcry_mail_attempts_total',
    help: 'Attempts to send a mail, by outcome.',
    labels: ['outcome'],
  });
  return async (delivery) => {
    const failure = await trySend(options, delivery);
    if (failure === undefined) {
      await markSent(deps.db, delivery, deps.nowMs());
      ended.inc({ outcome: 'sent' });
      return;
    }
    const step = nextStep(failure, delivery.attempts, attemptsMax);
    const { deliveryId, attempts } = delivery;
    logger.warn({ deliveryId, attempts, failure: step.text, next: step.type }, 'a mail was not sent');
    ended.inc({ outcome: step.type });
    const nowMs = deps.nowMs();
    if (step.type === 'again') {
      await postponeDelivery(deps.db, delivery, { failure: step.text, nextTimeMs: nowMs + step.delayMs });
    } else await giveUpDelivery(deps.db, delivery, { failure: step.text, deadLetterId: uuidV7(), nowMs });
  };
}

async function trySend(options: DeliverOptions, delivery: Delivery): Promise<Failure | undefined> {
  // The process of the last attempt ended before it stored the outcome.
  if (delivery.attempts > options.attemptsMax) return { type: 'timeout' };
  let contact: Contact | undefined;
  try {
    contact = await options.contacts.find(delivery.accountId);
  } catch (error) {
    options.logger.debug({ error }, 'a contact could not be looked up');
    return { type: 'no-address', isFinal: false };
  }
  if (contact === undefined) return { type: 'no-address', isFinal: true };
  // The delivery was deleted when the account was found to be the house's.
  if (contact.house) return undefined;
  try {
    await options.mailer.send(composeMail(delivery, contact, options));
    return undefined;
  } catch (error) {
    if (error instanceof MailError) return error.failure;
    throw error;
  }
}

/** The mail of a delivery. All of it follows from the fact and the person, so that a repeat is the same mail. */
function composeMail(delivery: Delivery, contact: Contact, { publicUrl, mailFrom }: DeliverOptions): OutgoingMail {
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
