/** Converts an EventBuffer to plain objects. */
import { type CancelReason, none, type Reason, type Side, type StateCause, type TradingState } from './model/codes.ts';
import { fromWords } from './model/columns.ts';
import { type Command, orderOf, type SubmitCommand } from './model/commands.ts';
import { EventFlag, EventKind, eventWords } from './model/event-buffer.ts';
import type { AcceptedOrder, EngineEvent, TradedOrder } from './model/events.ts';
import { formatUuid } from './model/uuid.ts';
import type { EngineState } from './state/engine-state.ts';

/** The events of the running group. `commands` are its effective ones. */
export function readEvents(state: EngineState, commands: readonly Command[]): EngineEvent[] {
  const { count } = state.events;
  const events: EngineEvent[] = [];
  for (let i = 0; i < count; i++) events.push(readEvent(state, commands, i));
  return events;
}

function readEvent(state: EngineState, commands: readonly Command[], index: number): EngineEvent {
  const { words } = state.events;
  const at = index * eventWords;
  const word = (i: number) => words[at + i]!;
  const command = commands[word(2)]!;
  const symbol = word(1) === none ? orderOf(command, 0).symbol : state.books[word(1)]!.listing.symbol;
  switch (word(0)) {
    case EventKind.LISTED:
      return { kind: 'listed', symbol, listing: state.books[word(1)]!.listing };
    case EventKind.STATE_CHANGED:
      return { kind: 'stateChanged', symbol, state: word(3) as TradingState, cause: word(4) as StateCause };
    case EventKind.UNCROSSED:
      return { kind: 'uncrossed', symbol, priceTicks: word(3), quantityLots: fromWords(word(4), word(5)) };
    case EventKind.SPLIT:
      return { kind: 'split', symbol, numerator: word(3), denominator: word(4) };
    case EventKind.LEVEL_CHANGED: {
      const quantityLots = fromWords(word(5), word(6));
      const side = word(3) as Side;
      return { kind: 'levelChanged', symbol, side, priceTicks: word(4), quantityLots, orderCount: word(7) };
    }
    case EventKind.COMMAND_REJECTED: {
      const { commandId, orderId, accountId } = command as { commandId: string; orderId: string; accountId: string };
      return { kind: 'commandRejected', symbol, commandId, orderId, accountId, reason: word(3) as Reason };
    }
    default:
      return readOrderEvent(state, command, symbol, at);
  }
}

function readOrderEvent(state: EngineState, command: Command, symbol: string, at: number): EngineEvent {
  const { words } = state.events;
  const kind = words[at]!;
  const key = words[at + 3]!;
  const b = words[at + 4]!;
  const c = words[at + 5]!;
  const d = words[at + 6]!;
  const e = words[at + 7]!;
  const f = words[at + 8]!;
  const g = words[at + 9]!;
  if (kind === EventKind.ACCEPTED) return readAccepted(command, symbol, b);
  const name = key === none ? namesOf(command, kind === EventKind.REJECTED ? d : 0) : nameOf(state, key);
  const keyed = (flags: number) => (flags & EventFlag.KEYED && 'commandId' in command ? command.commandId : '');
  switch (kind) {
    case EventKind.REJECTED:
      return { kind: 'rejected', symbol, ...name, reason: b as Reason, detailA: c, detailB: key === none ? 0 : d };
    case EventKind.TRADED: {
      const maker = tradedOrder(state, key, e);
      const taker = tradedOrder(state, b, f);
      return { kind: 'traded', symbol, priceTicks: c, quantityLots: d, maker, taker, auction: g === 1 };
    }
    case EventKind.CANCELLED:
      return {
        kind: 'cancelled',
        symbol,
        ...name,
        reason: b as CancelReason,
        remainingLots: c,
        commandId: keyed(d),
      };
    case EventKind.REPLACED: {
      const terms = { priceTicks: b, quantityLots: c, remainingLots: d, revision: e };
      const priorityKept = (f & EventFlag.PRIORITY_RETAINED) !== 0;
      return { kind: 'replaced', symbol, ...name, ...terms, commandId: keyed(f), priorityKept };
    }
    case EventKind.TRIGGERED:
      return { kind: 'triggered', symbol, ...name, stopPriceTicks: b, lastPriceTicks: c };
    case EventKind.REFRESHED:
      return { kind: 'refreshed', symbol, ...name, shownLots: b };
    default:
      throw new Error(`an event has kind ${kind}`);
  }
}

/** The event of an accepted order, with the terms of its command. */
function readAccepted(command: Command, symbol: string, place: number): EngineEvent {
  if (command.kind === 'submitList') {
    const { listId, type } = command;
    return { kind: 'accepted', symbol, order: acceptedOf(command.orders[place]!), list: { listId, type, place } };
  }
  return { kind: 'accepted', symbol, order: acceptedOf(command as SubmitCommand) };
}

// Field by field: omitting fields of an object generically takes longer than matching the order.
function acceptedOf(order: SubmitCommand): AcceptedOrder {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    priceTicks: order.priceTicks,
    quantityLots: order.quantityLots,
    postOnly: order.postOnly,
    slide: order.slide,
    selfTradeGroup: order.selfTradeGroup || order.accountId,
    selfTrade: order.selfTrade,
    stopPriceTicks: order.stopPriceTicks,
    trailTicks: order.trailTicks,
    trailBps: order.trailBps,
    displayLots: order.displayLots,
    minimumLots: order.minimumLots,
    expireTimeMs: order.expireTimeMs,
    sessionId: order.sessionId,
    withinBand: order.withinBand,
    valueMax: order.valueMax,
  };
}

function tradedOrder(state: EngineState, key: number, remainingLots: number): TradedOrder {
  return { ...nameOf(state, key), side: state.records.side[key] as Side, remainingLots };
}

function namesOf(command: Command, place: number): { orderId: string; accountId: string } {
  const { orderId, accountId } = orderOf(command, place);
  return { orderId, accountId };
}

function nameOf({ records, names }: EngineState, key: number): { orderId: string; accountId: string } {
  return { orderId: formatUuid(records.uuids, key * 4), accountId: names.names[records.account[key]!]! };
}
