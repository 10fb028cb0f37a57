/** What is kept of messages and deliveries. */
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

/** Where a person can be reached. */
export type Contact = { accountId: string; email: string; displayName: string; house: boolean };

/** An e-mail on its way. */
export type Delivery = {
  deliveryId: string;
  factId: string;
  accountId: string;
  kind: MessageKind;
  subject: string;
  text: string;
  factTimeMs: number;
  /** Tries so far, the one that was just claimed included. */
  attempts: number;
};

/** A delivery that was given up. */
export type DeadLetter = Pick<Delivery, 'accountId' | 'kind' | 'subject' | 'attempts'> & {
  deadLetterId: string;
  lastFailure: string;
  giveUpTimeMs: number;
};

/** In-app messages that are kept of one person. */
export const messagesPerAccountMax = 1_000;
