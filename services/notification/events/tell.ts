import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { afterCommit, type Sql } from '#platform/postgres/sql.ts';
import type { Fact } from '../domain/fact.ts';
import { completePreferences } from '../domain/kinds.ts';
import { render } from '../domain/render.ts';
import type { NotificationDeps } from '../notification-deps.ts';
import { findContact } from '../store/contacts.ts';
import { insertDelivery } from '../store/insert-delivery.ts';
import { insertMessage } from '../store/insert-message.ts';
import { readPreferences } from '../store/preferences.ts';

/** Whom a fact concerns, and when it happened. `factId` is the event's: a fact is told once. */
export type ToldFact = { factId: string; accountId: string; timeMs: number; fact: Fact };

/**
 * Writes the in-app message and queues the e-mail of a fact, in the transaction that takes the event. Nothing is sent here and
 * nobody is asked: neither the mail server nor the user service can hold up events. House accounts are not told.
 */
export async function tell({ notifier, now }: NotificationDeps, tx: Sql, told: ToldFact): Promise<void> {
  const { factId, accountId, timeMs, fact } = told;
  const contact = await findContact(tx, accountId);
  if (contact?.house) return;
  const message = render(fact);
  const preferences = completePreferences(await readPreferences(tx, accountId));
  const preference = preferences.find(({ kind }) => kind === message.kind);
  if (preference?.inApp) {
    await insertMessage(tx, { ...message, messageId: uuidV7(timeMs), factId, accountId, createTimeMs: timeMs });
  }
  if (preference?.email) {
    await insertDelivery(tx, { ...message, deliveryId: uuidV7(), factId, accountId, factTimeMs: timeMs }, now());
    afterCommit(tx, () => notifier.notify());
  }
}
