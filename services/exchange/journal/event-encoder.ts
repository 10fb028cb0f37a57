/**
 * The events of a group as protobuf: the bytes of a FollowResponse that has nothing but events. They are journalled and sent to
 * followers as they are. Recovery compares them byte by byte, so what is written for an event of a rule version never changes.
 */
import type { Reason } from '../domain/codes.ts';
import { fromWords } from '../domain/columns.ts';
import type { Command } from '../domain/commands.ts';
import type { EngineState } from '../domain/engine-state.ts';
import { EventFlag, EventKind, eventWords } from '../domain/event-buffer.ts';
import { readAccepted } from '../domain/event-reader.ts';
import { reasonMetadata } from '../wire/reason-metadata.ts';
import { ByteWriter } from './byte-writer.ts';

const writer = new ByteWriter();
const limitOrder = 2;

/** The bytes of the running group's events. `commands` are its effective ones. */
export function encodeEvents(state: EngineState, commands: readonly Command[], shard: number): Uint8Array {
  const { events } = state;
  writer.reset();
  let trade = state.tradeCount - countTrades(state);
  for (let i = 0; i < events.count; i++) {
    const at = i * eventWords;
    const kind = events.words[at]!;
    if (kind === EventKind.TRADED) trade++;
    const start = writer.beginMessage(1);
    writer.numberField(1, state.sequenceBefore + i + 1);
    writer.numberField(2, state.nowMs);
    writer.textField(3, state.books[events.words[at + 1]!]!.listing.symbol);
    const body = writer.beginMessage(kind + 3);
    writeBody(state, at, commands[events.words[at + 2]!]!, `${shard}-${trade}`);
    writer.endMessage(body);
    writer.endMessage(start);
  }
  return writer.copy();
}

function countTrades({ events }: EngineState): number {
  let trades = 0;
  for (let i = 0; i < events.count; i++) if (events.words[i * eventWords] === EventKind.TRADED) trades++;
  return trades;
}

function writeBody(state: EngineState, at: number, command: Command, tradeId: string): void {
  const { words } = state.events;
  const [a, b, c] = [words[at + 3]!, words[at + 4]!, words[at + 5]!];
  const [d, e, f] = [words[at + 6]!, words[at + 7]!, words[at + 8]!];
  switch (words[at]) {
    case EventKind.LISTED:
      writeListing(state, words[at + 1]!);
      return;
    case EventKind.STATE_CHANGED:
      writer.numberField(1, a);
      return;
    case EventKind.ACCEPTED:
      writeAccepted(state, a);
      return;
    case EventKind.REJECTED:
      writeRejected(state, a);
      return;
    case EventKind.TRADED:
      writer.textField(1, tradeId);
      writer.numberField(2, c);
      writer.numberField(3, d);
      writeTradedOrder(state, 4, a, e);
      writeTradedOrder(state, 5, b, f);
      return;
    case EventKind.CANCELLED:
      writeOwner(state, a);
      writer.numberField(3, b);
      writer.numberField(4, c);
      if (d & EventFlag.KEYED) writer.textField(5, commandIdOf(command));
      return;
    case EventKind.REPLACED:
      writeOwner(state, a);
      writer.numberField(3, b);
      writer.numberField(4, c);
      writer.numberField(5, d);
      writer.numberField(6, e);
      if (f & EventFlag.KEYED) writer.textField(7, commandIdOf(command));
      if (f & EventFlag.PRIORITY_KEPT) writer.numberField(8, 1);
      return;
    case EventKind.LEVEL_CHANGED:
      writer.numberField(1, a);
      writer.numberField(2, b);
      writer.numberField(3, fromWords(c, d));
      writer.numberField(4, e);
      return;
    default:
      writeCommandRejected(command, a);
  }
}

function writeListing(state: EngineState, book: number): void {
  const { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks } = state.books[book]!.listing;
  const start = writer.beginMessage(1);
  writer.textField(1, symbol);
  writer.textField(2, tickSize);
  writer.textField(3, lotSize);
  writer.textField(4, currency);
  writer.numberField(5, bandBps);
  writer.numberField(6, referencePriceTicks);
  writer.endMessage(start);
}

function writeAccepted(state: EngineState, slot: number): void {
  const order = readAccepted(state, slot);
  const start = writer.beginMessage(1);
  writer.uuidField(1, state.orders.index.words, slot * 4);
  writer.textField(2, order.accountId);
  writer.textField(3, state.books[state.orders.book[slot]!]!.listing.symbol);
  writer.numberField(4, order.side);
  writer.numberField(5, limitOrder);
  writer.numberField(6, order.timeInForce);
  writer.numberField(7, order.priceTicks);
  writer.numberField(8, order.quantityLots);
  writer.numberField(9, order.postOnly ? 1 : 0);
  if (order.selfTradeGroup !== order.accountId) writer.textField(10, order.selfTradeGroup);
  writer.numberField(11, order.selfTrade);
  writer.endMessage(start);
}

function writeRejected(state: EngineState, slot: number): void {
  const { orders, books } = state;
  writeOwner(state, slot);
  const reason = orders.answerReason[slot] as Reason;
  writer.numberField(3, reason);
  const [detailA, detailB, priceTicks] = [
    orders.answerDetailA[slot]!,
    orders.answerDetailB[slot]!,
    orders.price[slot]!,
  ];
  const { listing } = books[orders.book[slot]!]!;
  for (const [name, value] of Object.entries(reasonMetadata({ reason, detailA, detailB, listing, priceTicks }))) {
    const start = writer.beginMessage(4);
    writer.textField(1, name);
    writer.textField(2, value);
    writer.endMessage(start);
  }
}

function writeTradedOrder(state: EngineState, field: number, slot: number, remaining: number): void {
  const start = writer.beginMessage(field);
  writeOwner(state, slot);
  writer.numberField(3, state.orders.side[slot]!);
  writer.numberField(4, remaining);
  writer.endMessage(start);
}

function writeOwner({ orders, names }: EngineState, slot: number): void {
  writer.uuidField(1, orders.index.words, slot * 4);
  writer.textField(2, names.names[orders.account[slot]!]!);
}

function writeCommandRejected(command: Command, reason: number): void {
  const { commandId, orderId, accountId } = command as { commandId: string; orderId: string; accountId: string };
  writer.textField(1, commandId);
  writer.textField(2, orderId);
  writer.textField(3, accountId);
  writer.numberField(4, reason);
}

function commandIdOf(command: Command): string {
  return 'commandId' in command ? command.commandId : '';
}
