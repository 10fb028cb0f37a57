/** The messages of the orders that a run of events is about. */
import type { OrderEvent } from '../domain/exchange-event.ts';
import type { OrderShadow } from '../domain/order-shadow.ts';
import { numberOf, type StoredRow, textOf } from '../domain/row.ts';
import type { PassContext } from './context.ts';
import { type ExpectedMessage, endedMessage, filledMessage, openedMessage } from './expected-message.ts';
import { isLookedFor } from './message-age.ts';

/** Events of a shard, the orders that they have ended, and the rows of all that they are about. */
export type OrderNews = {
  events: readonly OrderEvent[];
  ended: readonly OrderShadow[];
  orders: ReadonlyMap<string, StoredRow>;
};

/** What must have been published of them. What the house does is no news for anyone. */
export function orderMessages(context: PassContext, { events, ended, orders }: OrderNews): ExpectedMessage[] {
  const endings = new Map(ended.map((order) => [order.endedAt, order]));
  return events
    .flatMap((event) => {
      const ending = endings.get(event.sequence);
      return messagesOf(event, ending, (orderId) => {
        const row = orders.get(orderId);
        return row === undefined || textOf(row, 'house') === 'true' ? undefined : row;
      });
    })
    .filter(({ timeMs }) => isLookedFor(context, timeMs, 'market'));
}

type RowOf = (orderId: string) => StoredRow | undefined;

function messagesOf(event: OrderEvent, ending: OrderShadow | undefined, rowOf: RowOf): ExpectedMessage[] {
  const { timeMs } = event;
  if (timeMs === undefined) return [];
  if (event.kind === 'traded') {
    const sides = [event.maker, event.taker].filter(({ orderId }) => rowOf(orderId) !== undefined);
    return sides.map(({ orderId }) => filledMessage({ orderId, timeMs }, event.tradeId));
  }
  const { orderId } = event;
  const row = rowOf(orderId);
  if (row === undefined) return [];
  if (event.kind === 'accepted') {
    return event.lots > 0n && staysOpen(row) ? [openedMessage({ orderId, timeMs })] : [];
  }
  if (event.kind === 'replaced' || ending === undefined) return [];
  if (ending.acceptedAt > 0n) return [endedMessage({ orderId, timeMs })];
  if (isCompensated(row)) return [endedByItsOwnService(row)];
  return event.kind === 'rejected' ? [endedMessage({ orderId, timeMs })] : [];
}

function isCompensated(row: StoredRow): boolean {
  return textOf(row, 'state') === 'rejected' && textOf(row, 'compensated') === 'true';
}

/**
 * Whether the order service ended the order, which never was in a book, after it had stored it. What it refuses at once, its caller hears in the
 * answer, and no one else.
 */
export function wasEndedByItsOwnService(row: StoredRow): boolean {
  const isRefused = textOf(row, 'state') === 'rejected' && textOf(row, 'final_position') === '';
  return isCompensated(row) || (isRefused && numberOf(row, 'version') > 1n);
}

/** The message of an order that no event has ended. */
export function endedByItsOwnService(row: StoredRow): ExpectedMessage {
  return endedMessage({ orderId: row.key, timeMs: numberOf(row, 'update_time_ms') });
}

const immediate: ReadonlySet<string> = new Set(['ioc', 'fok']);
const waiting: ReadonlySet<string> = new Set(['stop', 'stop-limit', 'trailing-stop']);

/**
 * Whether the row is of an order that rested or waited when it came, as it does so still. One that has ended may have done so in the moment in
 * which it came, which is no news.
 */
function staysOpen(row: StoredRow): boolean {
  if (textOf(row, 'state') !== 'open' || textOf(row, 'trigger_time_ms') !== '') return false;
  const [type, timeInForce] = [textOf(row, 'type'), textOf(row, 'time_in_force')];
  const waits = timeInForce === 'at-close' || waiting.has(type);
  if (waits) return numberOf(row, 'filled_lots') === 0n;
  return textOf(row, 'by_amount') === 'false' && type !== 'market' && !immediate.has(timeInForce);
}
