/** Stored messages and deliveries. */
import type { MessageKind } from './kinds.ts';

/** One in-app message. Times are Unix milliseconds. */
export type Message = {
  messageId: string;
  kind: MessageKind;
  subject: string;
  text: string;
  createTimeMs: number;
  readTimeMs: number | undefined;
};

/** The name and address of a person. */
export type Contact = { accountId: string; email: string; displayName: string; house: boolean };

/** A message of a fact, as it is stored for the app. */
export type NewMessage = Omit<Message, 'readTimeMs'> & { factId: string; accountId: string };

/** An e-mail to send. */
export type Delivery = {
  deliveryId: string;
  factId: string;
  accountId: string;
  kind: MessageKind;
  subject: string;
  text: string;
  factTimeMs: number;
  /** Attempts so far, with the one that was just claimed. */
  attempts: number;
};

/** An e-mail to queue, and the earliest time at which it is sent. */
export type NewDelivery = Omit<Delivery, 'attempts'> & { dueTimeMs: number };

/** An e-mail about an order, which takes the place of an older one that waits. */
export type OrderDelivery = NewDelivery & { orderId: string; orderVersion: bigint; hasEnded: boolean };

/** A delivery that this replica works on, with the copy of its person's contact if there is one. */
export type ClaimedDelivery = Delivery & { contact: Contact | undefined };

/** How the work on a claimed delivery ended. */
export type Outcome = Pick<Delivery, 'deliveryId' | 'attempts'> &
  (
    | { type: 'sent' }
    /** Nothing was attempted: it is due at once, as if it had not been claimed. */
    | { type: 'released' }
    | { type: 'again'; failure: string; nextTimeMs: number }
    | { type: 'given-up'; failure: string; deadLetterId: string }
  );

/** A delivery that was given up. */
export type DeadLetter = Pick<Delivery, 'accountId' | 'kind' | 'subject' | 'attempts'> & {
  deadLetterId: string;
  lastFailure: string;
  giveUpTimeMs: number;
};

/** The most in-app messages that a person is left with when older ones are deleted. */
export const messagesPerAccountMax = 1_000;
