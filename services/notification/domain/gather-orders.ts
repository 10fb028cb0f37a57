/** Several orders of a person in one mail. */
import type { ClaimedDelivery } from './message.ts';

/** The shortest time between two mails about orders to the same person, in ms; mails that are sent again are not counted. */
export const orderMailPaceMs = 15_000;

/** The most orders that a mail has the text of; it counts the others. */
export const ordersAMailMax = 50;

/** A queued mail about an order, as it is gathered. `text` may be empty beyond the first 50 of a person. */
export type WaitingOrder = Omit<ClaimedDelivery, 'attempts'>;

/** A claimed mail, and the ids of the deliveries whose place it takes: none when it is the mail of a single order, as that was queued. */
export type OrderMail = { mail: ClaimedDelivery; replaces: string[] };

const outcomes = ['filled', 'partly filled', 'cancelled', 'refused'] as const;

/**
 * One mail for each person who has orders waiting. A single order is mailed as it was queued; several become a new delivery with the id
 * that `newId` gives, which is also its fact, so that it is the same mail in each attempt.
 */
export function gatherOrders(waiting: readonly WaitingOrder[], newId: () => string): OrderMail[] {
  return [...Map.groupBy(waiting, ({ accountId }) => accountId).values()].flatMap((orders) => {
    const [first] = orders;
    if (first === undefined) return [];
    if (orders.length === 1) return [{ mail: { ...first, attempts: 1 }, replaces: [] }];
    return [{ mail: mailOf(first, orders, newId()), replaces: orders.map(({ deliveryId }) => deliveryId) }];
  });
}

function mailOf({ accountId, contact }: WaitingOrder, orders: readonly WaitingOrder[], id: string): ClaimedDelivery {
  return {
    deliveryId: id,
    factId: id,
    accountId,
    kind: 'order',
    subject: `${orders.length} orders: ${countOutcomes(orders)}`,
    text: textOf(orders),
    factTimeMs: orders.reduce((latest, { factTimeMs }) => Math.max(latest, factTimeMs), 0),
    attempts: 1,
    contact,
  };
}

// The subject of an order says how it stands, before a colon.
function countOutcomes(orders: readonly WaitingOrder[]): string {
  return outcomes
    .map((outcome) => ({
      outcome,
      count: orders.filter(({ subject }) => subject.startsWith(`Order ${outcome}:`)).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`)
    .join(', ');
}

function textOf(orders: readonly WaitingOrder[]): string {
  const texts = orders.slice(0, ordersAMailMax).map(({ subject, text }) => `${subject}\n${text}`);
  const others = orders.length - texts.length;
  if (others > 0) texts.push(`${others} more ${others === 1 ? 'order is' : 'orders are'} in your messages in the app.`);
  return texts.join('\n\n');
}
