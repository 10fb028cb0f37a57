import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { afterCommit, type Sql } from '#platform/postgres/sql.ts';
import type { NotificationDeps } from '../deps.ts';
import type { Fact } from '../domain/fact.ts';
import { completePreferences } from '../domain/kinds.ts';
import { render } from '../domain/render.ts';
import { findContact } from '../store/find-contact.ts';
import { insertDelivery } from '../store/insert-delivery.ts';
import { insertMessage } from '../store/insert-message.ts';
import { readPreferences } from '../store/read-preferences.ts';

/** A fact about an account, and when it happened. `factId` is the id of its event: a fact makes one message of each way. */
export type AccountFact = { factId: string; accountId: string; timeMs: number; fact: Fact };

/**
 * Writes the in-app message of a fact and queues its e-mail, in the transaction that consumes the event. It calls neither the mail server
 * nor the user service, so neither can hold up events. House accounts get no messages.
 */
export async function notify({ notifier, nowMs }: NotificationDeps, tx: Sql, about: AccountFact): Promise<void> {
  const { factId, accountId, timeMs, fact } = about;
  const contact = await findContact(tx, accountId);
  if (contact?.house) return;
  const message = render(fact);
  const preferences = completePreferences(await readPreferences(tx, accountId));
  const preference = preferences.find(({ kind }) => kind === message.kind);
  if (preference?.inApp) {
    await insertMessage(tx, { ...message, messageId: uuidV7(timeMs), factId, accountId, createTimeMs: timeMs });
  }
  if (preference?.email) {
    await insertDelivery(tx, { ...message, deliveryId: uuidV7(), factId, accountId, factTimeMs: timeMs }, nowMs());
    afterCommit(tx, () => notifier.notify());
  }
}
