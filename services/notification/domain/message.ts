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

/** A delivery that was given up. */
export type DeadLetter = Pick<Delivery, 'accountId' | 'kind' | 'subject' | 'attempts'> & {
  deadLetterId: string;
  lastFailure: string;
  giveUpTimeMs: number;
};

/** The most in-app messages that are stored for one person. */
export const messagesPerAccountMax = 1_000;
