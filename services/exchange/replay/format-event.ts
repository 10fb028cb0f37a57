import { CancelReason, Reason, Side, TradingState } from '../domain/codes.ts';
import type { EngineEvent } from '../domain/events.ts';
import { formatCsvLine } from './csv.ts';
import type { OrderNames } from './order-names.ts';

/** The columns of an event file. `line` is the line of the command file, whose first line has the columns. */
export const eventColumns = [
  ...(['line', 'event', 'symbol', 'order_id', 'account', 'side', 'price', 'quantity', 'remaining'] as const),
  ...(['maker_order_id', 'maker_account', 'maker_remaining', 'reason', 'revision', 'orders'] as const),
];

/** The columns of one event that are not empty. */
export type EventFields = Partial<Record<Exclude<(typeof eventColumns)[number], 'line'>, string | number>>;

const namesOf = (codes: Record<string, number>) =>
  new Map(Object.entries(codes).map(([name, code]) => [code, name.toLowerCase()]));
const reasons = namesOf(Reason);
const cancelReasons = namesOf(CancelReason);
const sides = namesOf(Side);
const states = namesOf(TradingState);

/** One line of an event file. */
export function formatEvent(line: number, fields: EventFields): string {
  return formatCsvLine(eventColumns.map((column) => (column === 'line' ? line : (fields[column] ?? ''))));
}

/** The name of a reason. */
export function reasonName(reason: Reason): string {
  return reasons.get(reason) ?? String(reason);
}

/** What an event has in each column. */
export function fieldsOf(event: EngineEvent, names: OrderNames): EventFields {
  const { symbol } = event;
  switch (event.kind) {
    case 'listed':
      return { event: 'listed', symbol };
    case 'stateChanged':
      return { event: 'state', symbol, reason: states.get(event.state) };
    case 'accepted': {
      const { orderId, accountId: account, side, priceTicks: price, quantityLots: quantity } = event.order;
      return {
        event: 'accepted',
        symbol,
        order_id: names.nameOf(orderId),
        account,
        side: sides.get(side),
        price,
        quantity,
      };
    }
    case 'rejected':
    case 'commandRejected': {
      const name = event.kind === 'rejected' ? 'rejected' : 'command_rejected';
      return { event: name, symbol, ...ownerOf(event, names), reason: reasonName(event.reason) };
    }
    case 'traded': {
      const { maker, taker, priceTicks: price, quantityLots: quantity } = event;
      const { orderId: maker_order_id, accountId: maker_account } = { ...maker, orderId: names.nameOf(maker.orderId) };
      const side = sides.get(taker.side);
      const both = {
        maker_order_id,
        maker_account,
        maker_remaining: maker.remainingLots,
        remaining: taker.remainingLots,
      };
      return { event: 'traded', symbol, ...ownerOf(taker, names), side, price, quantity, ...both };
    }
    case 'cancelled': {
      const reason = cancelReasons.get(event.reason);
      return { event: 'cancelled', symbol, ...ownerOf(event, names), remaining: event.remainingLots, reason };
    }
    case 'replaced': {
      const { priceTicks: price, quantityLots: quantity, remainingLots: remaining, revision, priorityKept } = event;
      const terms = { price, quantity, remaining, revision, reason: priorityKept ? 'priority_kept' : '' };
      return { event: 'replaced', symbol, ...ownerOf(event, names), ...terms };
    }
    case 'levelChanged': {
      const { priceTicks: price, quantityLots: quantity, orderCount: orders } = event;
      return { event: 'level', symbol, side: sides.get(event.side), price, quantity, orders };
    }
    default:
      return event satisfies never;
  }
}

function ownerOf({ orderId, accountId }: { orderId: string; accountId: string }, names: OrderNames): EventFields {
  return { order_id: names.nameOf(orderId), account: accountId };
}
