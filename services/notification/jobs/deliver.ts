/** Works on one claimed delivery: finds the address, sends the mail, writes down how it went. */
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ContactBook } from '../clients/contact-book.ts';
import { MailError, type Mailer } from '../clients/mailer.ts';
import type { NotificationDeps } from '../deps.ts';
import { type Failure, nextStep } from '../domain/delivery-policy.ts';
import type { Contact, Delivery } from '../domain/message.ts';
import { giveUp, markSent, postpone } from '../store/end-attempt.ts';
import { composeMail } from './compose.ts';

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

/** What delivers. The function that it returns rejects only when the database cannot be reached; the delivery then comes due again. */
export function createDeliver(options: DeliverOptions): (delivery: Delivery) => Promise<void> {
  const { deps, attemptsMax, logger } = options;
  const ended = options.metrics.counter({
    name: 'outcry_mail_attempts_total',
    help: 'Tries to send a mail, by how they ended.',
    labels: ['outcome'],
  });
  return async (delivery) => {
    const failure = await trySend(options, delivery);
    if (failure === undefined) {
      await markSent(deps.db, delivery, deps.now());
      ended.inc({ outcome: 'sent' });
      return;
    }
    const step = nextStep(failure, delivery.attempts, attemptsMax);
    const { deliveryId, attempts } = delivery;
    logger.warn({ deliveryId, attempts, failure: step.text, next: step.type }, 'a mail was not sent');
    ended.inc({ outcome: step.type });
    if (step.type === 'again') {
      await postpone(deps.db, delivery, { failure: step.text, nextTimeMs: deps.now() + step.delayMs });
    } else await giveUp(deps.db, delivery, { failure: step.text, deadLetterId: uuidV7(), nowMs: deps.now() });
  };
}

async function trySend(options: DeliverOptions, delivery: Delivery): Promise<Failure | undefined> {
  // Nobody wrote down how the last try ended: it took its process with it.
  if (delivery.attempts > options.attemptsMax) return { type: 'timeout' };
  let contact: Contact | undefined;
  try {
    contact = await options.contacts.find(delivery.accountId);
  } catch (error) {
    options.logger.debug({ error }, 'a contact could not be looked up');
    return { type: 'no-address', isFinal: false };
  }
  if (contact === undefined) return { type: 'no-address', isFinal: true };
  // The delivery was dropped when the account turned out to be the house's.
  if (contact.house) return undefined;
  try {
    await options.mailer.send(composeMail(delivery, contact, options));
    return undefined;
  } catch (error) {
    if (error instanceof MailError) return error.failure;
    throw error;
  }
}
