import { CancelReason, ListType, Reason, Side, StateCause, TradingState } from '../../engine/model/codes.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import type { OrderNames } from './order-names.ts';

/** The columns of an event file. `line` is the line of the command file, whose first line has the columns. */
export const eventColumns = [
  ...(['line', 'event', 'symbol', 'order_id', 'account', 'side', 'price', 'quantity', 'remaining'] as const),
  ...(['maker_order_id', 'maker_account', 'maker_remaining', 'reason', 'revision', 'orders'] as const),
  ...(['stop_price', 'cause', 'auction', 'list_id', 'list_type', 'list_place'] as const),
];

const namesOf = (codes: Record<string, number>) =>
  new Map(Object.entries(codes).map(([name, code]) => [code, name.toLowerCase()]));
const reasons = namesOf(Reason);
const cancelReasons = namesOf(CancelReason);
const sides = namesOf(Side);
const states = namesOf(TradingState);
const causes = namesOf(StateCause);
const listTypes = namesOf(ListType);

// The double quote, the comma, CR and LF.
const special: readonly number[] = [34, 44, 13, 10];

/** A field in CSV syntax. */
export function quote(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 44 && special.includes(code)) return `"${text.replaceAll('"', '""')}"`;
  }
  return text;
}

/** The name of a reason. */
export function reasonName(reason: Reason): string {
  return reasons.get(reason) ?? String(reason);
}

/** The line of a command that was refused without an event, or of a malformed line. */
export function formatRefusal(line: number, event: 'refused' | 'malformed', orderId: string, reason: string): string {
  return `${line},${event},,${quote(orderId)},,,,,,,,,${reason},,,,,,,,\n`;
}

/** The line of an event. */
export function formatEvent(line: number, event: EngineEvent, names: OrderNames): string {
  const start = `${line},${eventNames[event.kind]},${quote(event.symbol)},`;
  switch (event.kind) {
    case 'listed':
      return `${start},,,,,,,,,,,,,,,,,\n`;
    case 'stateChanged':
      return `${start},,,,,,,,,${states.get(event.state)},,,,${causes.get(event.cause)},,,,\n`;
    case 'accepted': {
      const { order, list } = event;
      const listed = list ? `${quote(names.nameOf(list.listId))},${listTypes.get(list.type)},${list.place}` : ',,';
      const terms = `${sides.get(order.side)},${order.priceTicks},${order.quantityLots},,,,,,,`;
      return `${start}${ownerOf(order, names)},${terms},${order.stopPriceTicks || ''},,,${listed}\n`;
    }
    case 'rejected':
    case 'commandRejected':
      return `${start}${ownerOf(event, names)},,,,,,,,${reasonName(event.reason)},,,,,,,,\n`;
    case 'traded': {
      const { maker, taker, priceTicks, quantityLots, auction } = event;
      const terms = `${sides.get(taker.side)},${priceTicks},${quantityLots},${taker.remainingLots}`;
      const other = `${ownerOf(maker, names)},${maker.remainingLots}`;
      return `${start}${ownerOf(taker, names)},${terms},${other},,,,,,${auction ? 1 : ''},,,\n`;
    }
    case 'cancelled': {
      const { remainingLots, reason } = event;
      return `${start}${ownerOf(event, names)},,,,${remainingLots},,,,${cancelReasons.get(reason)},,,,,,,,\n`;
    }
    case 'replaced': {
      const { priceTicks, quantityLots, remainingLots, revision, priorityKept } = event;
      const terms = `${priceTicks},${quantityLots},${remainingLots},,,,${priorityKept ? 'priority_kept' : ''},${revision}`;
      return `${start}${ownerOf(event, names)},,${terms},,,,,,,\n`;
    }
    case 'triggered': {
      const { stopPriceTicks, lastPriceTicks } = event;
      return `${start}${ownerOf(event, names)},,${lastPriceTicks || ''},,,,,,,,,${stopPriceTicks || ''},,,,,\n`;
    }
    case 'refreshed':
      return `${start}${ownerOf(event, names)},,,${event.shownLots},,,,,,,,,,,,,\n`;
    case 'uncrossed':
      return `${start},,,${event.priceTicks},${event.quantityLots},,,,,,,,,,,,,\n`;
    case 'split':
      return `${start},,,,,,,,,${event.numerator}:${event.denominator},,,,,,,,\n`;
    case 'levelChanged': {
      const { side, priceTicks, quantityLots, orderCount } = event;
      return `${start},,${sides.get(side)},${priceTicks},${quantityLots},,,,,,,${orderCount},,,,,,\n`;
    }
    default:
      return event satisfies never;
  }
}

const eventNames: Record<EngineEvent['kind'], string> = {
  ...{ listed: 'listed', stateChanged: 'state', accepted: 'accepted', rejected: 'rejected', traded: 'traded' },
  ...{ cancelled: 'cancelled', replaced: 'replaced', triggered: 'triggered', refreshed: 'refreshed' },
  ...{ uncrossed: 'uncrossed', split: 'split', levelChanged: 'level', commandRejected: 'command_rejected' },
};

function ownerOf({ orderId, accountId }: { orderId: string; accountId: string }, names: OrderNames): string {
  return `${quote(names.nameOf(orderId))},${quote(accountId)}`;
}
