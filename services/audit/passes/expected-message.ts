/**
 * The messages that must have been published of what the stores have, each in the transaction that made it true. Its id follows from the fact,
 * so that it can be looked for.
 */
import { uuidV7Of, uuidV7OfFact } from '#platform/ids/uuid-v7.ts';
import type { StoreName } from '../domain/audited-stores.ts';

/** A message of a fact. */
export type ExpectedMessage = {
  eventId: string;
  /** Name of its type, without the package. */
  type: string;
  /** What it is about. */
  about: string;
  /** When it happened, Unix milliseconds of the clock of its service. */
  timeMs: number;
};

/** Which way messages go: from the outbox of a service by a queue of the bus to another. */
export type Route = { from: StoreName; queue: string; to: StoreName };

/** The way to those who notify people. */
export function toNotification(from: StoreName): Route {
  return { from, queue: 'notification.facts', to: 'notification' };
}

/** The ways to the services that have copies of accounts' states and conditions. */
export const toCopies: readonly Route[] = [
  { from: 'user', queue: 'ledger.accounts', to: 'ledger' },
  { from: 'user', queue: 'order.conditions', to: 'order' },
];

/** What happened to an order that its owner is notified of. */
export type OrderFact = { orderId: string; timeMs: bigint };

/** An order was filled by a trade. */
export function filledMessage({ orderId, timeMs }: OrderFact, tradeId: string): ExpectedMessage {
  return ofOrder('OrderFilled', { orderId, timeMs }, tradeId);
}

/** An order has ended without being filled whole. */
export function endedMessage(fact: OrderFact): ExpectedMessage {
  return ofOrder('OrderEnded', fact, 'ended');
}

/** An order rests in the book, or waits outside of it. */
export function openedMessage(fact: OrderFact): ExpectedMessage {
  return ofOrder('OrderOpened', fact, 'opened');
}

function ofOrder(type: string, { orderId, timeMs }: OrderFact, fact: string): ExpectedMessage {
  const eventId = uuidV7Of(Number(timeMs), `${orderId} ${fact}`);
  return { eventId, type, about: `order ${orderId}`, timeMs: Number(timeMs) };
}

/** A transfer was booked. */
export function transferMessage(transferId: string, amountMicros: bigint, timeMs: bigint): ExpectedMessage {
  const type = amountMicros > 0n ? 'DepositCompleted' : 'WithdrawalCompleted';
  const eventId = uuidV7OfFact(transferId, 'completed');
  return { eventId, type, about: `transfer ${transferId}`, timeMs: Number(timeMs) };
}

/** An account was corrected. */
export function adjustmentMessage(adjustmentId: string, timeMs: bigint): ExpectedMessage {
  const eventId = uuidV7OfFact(adjustmentId, 'booked');
  return { eventId, type: 'AdjustmentCompleted', about: `adjustment ${adjustmentId}`, timeMs: Number(timeMs) };
}

/** A run of an automation has ended; that of an alert has two messages. */
export function runMessages(runId: string, isAlert: boolean, timeMs: number): ExpectedMessage[] {
  const about = `run ${runId}`;
  const finished = { eventId: uuidV7OfFact(runId, 'finished'), type: 'RunFinished', about, timeMs };
  return isAlert
    ? [finished, { eventId: uuidV7OfFact(runId, 'alert'), type: 'AlertRaised', about, timeMs }]
    : [finished];
}

/** An account was made. */
export function registeredMessage(accountId: string, timeMs: number): ExpectedMessage {
  return {
    eventId: uuidV7OfFact(accountId, 'registered'),
    type: 'UserRegistered',
    about: `account ${accountId}`,
    timeMs,
  };
}

/** An API key was made. */
export function apiKeyMessage(keyId: string, timeMs: number): ExpectedMessage {
  return { eventId: uuidV7OfFact(keyId, 'created'), type: 'ApiKeyCreated', about: `API key ${keyId}`, timeMs };
}

/** The owner of an account was to be notified of wrong passwords. */
export function logInsMessage(accountId: string, timeMs: number): ExpectedMessage {
  const eventId = uuidV7Of(timeMs, `${accountId} log-ins-failed`);
  return { eventId, type: 'LogInsFailed', about: `account ${accountId}`, timeMs };
}

/** State and conditions of an account have changed to a version. */
export function conditionsMessage(accountId: string, version: string, timeMs: number): ExpectedMessage {
  const about = `version ${version} of account ${accountId}`;
  const eventId = uuidV7OfFact(accountId, `conditions ${version}`);
  return { eventId, type: 'AccountConditionsChanged', about, timeMs };
}
