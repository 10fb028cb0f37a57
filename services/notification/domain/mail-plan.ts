/** Which facts are mailed, and when. */
import type { Fact } from './fact.ts';
import { type MessageKind, type Preference, preferenceOf } from './kinds.ts';
import { hasTraded } from './render-order.ts';

/** How the e-mail of a fact goes out. */
export type MailPlan =
  | { type: 'none' }
  /** As a mail of its own, at once. */
  | { type: 'own' }
  /** As the one mail of its order that waits: at once when the order has ended, else with what follows in the next seconds. */
  | { type: 'order'; orderId: string; version: bigint; hasEnded: boolean };

/** How long the mail of an order that fills in parts waits for further fills, in ms: it gets at most one in this time. */
export const progressDelayMs = 15_000;

/** Whether facts of this type are ever mailed. That an order is open is for the app alone. */
export function isMailed({ type }: Fact): boolean {
  return type !== 'order-opened';
}

/** How a fact of this kind is mailed to a person with these preferences. */
export function planMail(fact: Fact, kind: MessageKind, preferences: readonly Preference[]): MailPlan {
  switch (fact.type) {
    case 'order-opened':
      return { type: 'none' };
    case 'order-filled':
      return wantsFill(preferences, fact.isWhole) ? planOrderMail(fact, fact.isWhole) : { type: 'none' };
    case 'order-ended': {
      // Who is mailed fills at the end of an order gets them when it was cancelled, too.
      const isWanted = preferenceOf(preferences, 'order').email;
      return isWanted || (hasTraded(fact.order) && wantsFill(preferences, true))
        ? planOrderMail(fact, true)
        : { type: 'none' };
    }
    default:
      return preferenceOf(preferences, kind).email ? { type: 'own' } : { type: 'none' };
  }
}

function wantsFill(preferences: readonly Preference[], hasEnded: boolean): boolean {
  const { email, fillEmails } = preferenceOf(preferences, 'fill');
  return email && (hasEnded || fillEmails === 'progress');
}

function planOrderMail({ order }: Extract<Fact, { order: unknown }>, hasEnded: boolean): MailPlan {
  return { type: 'order', orderId: order.orderId, version: order.version, hasEnded };
}
