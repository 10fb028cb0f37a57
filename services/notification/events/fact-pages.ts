/** Pages of events: what each page leads to is written in the transaction of its inbox entries. */
import type { BusEvent } from '#platform/bus/bus.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { isTracing } from '#platform/telemetry/spans.ts';
import { traceNamedBy } from '#platform/telemetry/trace-context.ts';
import type { FactDeps } from '../deps.ts';
import { factQueueName } from '../domain/fact.ts';
import { deleteMessagesOf } from '../store/delete-messages-of.ts';
import { upsertContacts } from '../store/upsert-contacts.ts';
import { factTypes, type ReadEvent, readEvent } from './consumed.ts';
import { type AccountFact, notifyAll } from './notify-all.ts';

/** The queue of all events that people are notified of, and their types. */
export const factQueue = { queue: factQueueName, types: factTypes };

/** Handles pages of events, each by the same few statements however many events it has. */
export function factPages(deps: FactDeps): (events: BusEvent[], tx: Sql) => Promise<void> {
  return async (events, tx) => {
    const facts: (AccountFact & ReadEvent)[] = [];
    for (const event of events) {
      const found = readEvent(event);
      if (found === undefined) continue;
      if (isTracing() && event.traceparent !== '') {
        deps.mailTraces?.add(found.accountId, traceNamedBy(event.traceparent));
      }
      facts.push({ ...found, factId: event.id, timeMs: event.timeMs });
    }
    await saveContacts(tx, facts);
    await notifyAll(deps, tx, facts);
  };
}

async function saveContacts(tx: Sql, facts: readonly ReadEvent[]): Promise<void> {
  const contacts = new Map(facts.flatMap(({ contact }) => (contact ? [[contact.accountId, contact]] : [])));
  if (contacts.size === 0) return;
  await upsertContacts(tx, [...contacts.values()]);
  const houseIds = [...contacts.values()].filter(({ house }) => house).map(({ accountId }) => accountId);
  if (houseIds.length > 0) await deleteMessagesOf(tx, houseIds);
}
