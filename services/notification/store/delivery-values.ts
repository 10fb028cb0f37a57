import type { NewDelivery } from '../domain/message.ts';

/** Deliveries as arrays of a statement: ids, facts, accounts, kinds, subjects, texts, times of the facts, times at which they are due. */
export function deliveryValues(deliveries: readonly NewDelivery[]): unknown[][] {
  return [
    deliveries.map(({ deliveryId }) => deliveryId),
    deliveries.map(({ factId }) => factId),
    deliveries.map(({ accountId }) => accountId),
    deliveries.map(({ kind }) => kind),
    deliveries.map(({ subject }) => subject),
    deliveries.map(({ text }) => text),
    deliveries.map(({ factTimeMs }) => new Date(factTimeMs)),
    deliveries.map(({ dueTimeMs }) => new Date(dueTimeMs)),
  ];
}
