import { uuidV7, uuidV7Ranked } from '#platform/ids/uuid-v7.ts';
import { afterCommit, type Sql } from '#platform/postgres/sql.ts';
import type { FactDeps } from '../deps.ts';
import { type Fact, rankOf } from '../domain/fact.ts';
import { isMailed, planMail, progressDelayMs } from '../domain/mail-plan.ts';
import type { NewDelivery, NewMessage, OrderDelivery } from '../domain/message.ts';
import { render, renderMail } from '../domain/render.ts';
import { insertDeliveries } from '../store/insert-deliveries.ts';
import { insertMessages } from '../store/insert-messages.ts';
import { type Recipient, readRecipients } from '../store/read-recipients.ts';
import { upsertOrderDeliveries } from '../store/upsert-order-deliveries.ts';

/** A fact about an account, and when it happened. `factId` is the id of its event: a fact makes one message of each way. */
export type AccountFact = { factId: string; accountId: string; timeMs: number; fact: Fact };

/**
 * Writes the in-app messages of facts and queues their e-mails, in the transaction that consumes the events. It calls neither the mail
 * server nor the user service, so neither can hold up events. House accounts get no messages.
 */
export async function notifyAll(deps: FactDeps, tx: Sql, facts: readonly AccountFact[]): Promise<void> {
  if (facts.length === 0) return;
  await insertMessages(tx, facts.map(toMessage));
  afterCommit(tx, () => {
    for (const { accountId } of facts) deps.grownBoxes.add(accountId, 1);
  });
  const mailed = facts.filter(({ fact }) => isMailed(fact));
  if (mailed.length === 0) return;
  const recipients = await readRecipients(tx, [...new Set(mailed.map(({ accountId }) => accountId))]);
  await queueMails(deps, tx, planMails(mailed, recipients, deps.nowMs()));
}

type Mails = { own: NewDelivery[]; ofOrders: Map<string, OrderDelivery> };

function planMails(facts: readonly AccountFact[], recipients: Map<string, Recipient>, nowMs: number): Mails {
  const mails: Mails = { own: [], ofOrders: new Map() };
  for (const about of facts) {
    const recipient = recipients.get(about.accountId);
    if (!recipient?.house) addMail(mails, about, recipient?.preferences ?? [], nowMs);
  }
  return mails;
}

function addMail(mails: Mails, about: AccountFact, preferences: Recipient['preferences'], nowMs: number): void {
  const { factId, accountId, timeMs, fact } = about;
  const message = renderMail(fact);
  const plan = planMail(fact, message.kind, preferences);
  if (plan.type === 'none') return;
  const delivery = { ...message, deliveryId: uuidV7(), factId, accountId, factTimeMs: timeMs };
  if (plan.type === 'own') {
    mails.own.push({ ...delivery, dueTimeMs: nowMs });
    return;
  }
  const { orderId, version: orderVersion, hasEnded } = plan;
  const before = mails.ofOrders.get(orderId);
  if (before !== undefined && isOfLaterState(before, { hasEnded, orderVersion })) return;
  const dueTimeMs = hasEnded ? nowMs : nowMs + progressDelayMs;
  mails.ofOrders.set(orderId, { ...delivery, orderId, orderVersion, hasEnded, dueTimeMs });
}

// As the database compares a mail with the one that waits.
function isOfLaterState(
  mail: Pick<OrderDelivery, 'hasEnded' | 'orderVersion'>,
  than: Pick<OrderDelivery, 'hasEnded' | 'orderVersion'>,
): boolean {
  return mail.hasEnded === than.hasEnded ? mail.orderVersion > than.orderVersion : mail.hasEnded;
}

async function queueMails({ dueMails }: FactDeps, tx: Sql, { own, ofOrders }: Mails): Promise<void> {
  const orderMails = [...ofOrders.values()];
  if (own.length > 0) await insertDeliveries(tx, own);
  if (orderMails.length > 0) await upsertOrderDeliveries(tx, orderMails);
  const dueTimesMs = [...own, ...orderMails].map(({ dueTimeMs }) => dueTimeMs);
  if (dueTimesMs.length > 0) afterCommit(tx, () => dueMails.expect(Math.min(...dueTimesMs)));
}

function toMessage({ factId, accountId, timeMs, fact }: AccountFact): NewMessage {
  return { ...render(fact), messageId: messageIdOf(fact, timeMs), factId, accountId, createTimeMs: timeMs };
}

// Messages are listed by their ids. Facts of one order often have one millisecond, and have an order all the same.
function messageIdOf(fact: Fact, timeMs: number): string {
  const rank = rankOf(fact);
  return rank === undefined ? uuidV7(timeMs) : uuidV7Ranked(timeMs, rank);
}
