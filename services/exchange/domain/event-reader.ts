/** Reads an EventBuffer as plain objects. */
import type { CancelReason, Reason, SelfTrade, Side, TimeInForce, TradingState } from './codes.ts';
import { fromWords } from './columns.ts';
import type { Command } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import { EventFlag, EventKind, eventWords } from './event-buffer.ts';
import type { AcceptedOrder, EngineEvent, TradedOrder } from './events.ts';
import { formatUuid } from './uuid.ts';

/** The events of the running group. `commands` are its effective ones. */
export function readEvents(state: EngineState, commands: readonly Command[]): EngineEvent[] {
  return Array.from({ length: state.events.count }, (_, i) => readEvent(state, commands, i));
}

/** The order in a slot as it was submitted. */
export function readAccepted({ orders, names }: EngineState, slot: number): AcceptedOrder {
  return {
    orderId: formatUuid(orders.index.words, slot * 4),
    accountId: names.names[orders.account[slot]!]!,
    side: orders.side[slot] as Side,
    timeInForce: orders.timeInForce[slot] as TimeInForce,
    priceTicks: orders.submittedPrice[slot]!,
    quantityLots: orders.submittedQuantity[slot]!,
    postOnly: orders.postOnly[slot] === 1,
    selfTradeGroup: names.names[orders.group[slot]!]!,
    selfTrade: orders.selfTrade[slot] as SelfTrade,
  };
}

function readEvent(state: EngineState, commands: readonly Command[], index: number): EngineEvent {
  const { orders, names, events } = state;
  const at = index * eventWords;
  const word = (i: number) => events.words[at + i]!;
  const book = state.books[word(1)]!;
  const { symbol } = book.listing;
  const command = commands[word(2)]!;
  const name = (slot: number) => ({
    orderId: formatUuid(orders.index.words, slot * 4),
    accountId: names.names[orders.account[slot]!]!,
  });
  switch (word(0)) {
    case EventKind.LISTED:
      return { kind: 'listed', symbol, listing: book.listing };
    case EventKind.STATE_CHANGED:
      return { kind: 'stateChanged', symbol, state: word(3) as TradingState };
    case EventKind.ACCEPTED:
      return { kind: 'accepted', symbol, order: readAccepted(state, word(3)) };
    case EventKind.REJECTED: {
      const slot = word(3);
      const [detailA, detailB] = [orders.answerDetailA[slot]!, orders.answerDetailB[slot]!];
      return { kind: 'rejected', symbol, ...name(slot), reason: orders.answerReason[slot] as Reason, detailA, detailB };
    }
    case EventKind.TRADED: {
      const order = (slot: number, remainingLots: number): TradedOrder => ({
        ...name(slot),
        side: orders.side[slot] as Side,
        remainingLots,
      });
      const [maker, taker] = [order(word(3), word(7)), order(word(4), word(8))];
      return { kind: 'traded', symbol, priceTicks: word(5), quantityLots: word(6), maker, taker };
    }
    case EventKind.CANCELLED: {
      const commandId = word(6) & EventFlag.KEYED ? commandIdOf(command) : '';
      const reason = word(4) as CancelReason;
      return { kind: 'cancelled', symbol, ...name(word(3)), reason, remainingLots: word(5), commandId };
    }
    case EventKind.REPLACED: {
      const commandId = word(8) & EventFlag.KEYED ? commandIdOf(command) : '';
      const priorityKept = (word(8) & EventFlag.PRIORITY_KEPT) !== 0;
      const terms = { priceTicks: word(4), quantityLots: word(5), remainingLots: word(6), revision: word(7) };
      return { kind: 'replaced', symbol, ...name(word(3)), ...terms, commandId, priorityKept };
    }
    case EventKind.LEVEL_CHANGED: {
      const quantityLots = fromWords(word(5), word(6));
      const side = word(3) as Side;
      return { kind: 'levelChanged', symbol, side, priceTicks: word(4), quantityLots, orderCount: word(7) };
    }
    default: {
      const { commandId, orderId, accountId } = command as { commandId: string; orderId: string; accountId: string };
      return { kind: 'commandRejected', symbol, commandId, orderId, accountId, reason: word(3) as Reason };
    }
  }
}

function commandIdOf(command: Command): string {
  return 'commandId' in command ? command.commandId : '';
}
