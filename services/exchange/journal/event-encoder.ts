/**
 * The events of a group as protobuf: the bytes of a FollowResponse with events only. They are journalled and sent to followers without
 * re-encoding. Recovery compares them byte by byte, so the bytes of an event under a rule version never change.
 */
import { none } from '../engine/model/codes.ts';
import { fromWords } from '../engine/model/columns.ts';
import { type Command, orderOf } from '../engine/model/commands.ts';
import { EventFlag, EventKind, eventWords } from '../engine/model/event-buffer.ts';
import type { EventSource } from './event-source.ts';
import { NameFields, SymbolFields } from './name-fields.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { commandIdOf, writeCommandRejected, writeListing, writeOrder, writeRejected } from './write-event.ts';

const writer = new ProtobufWriter();
const names = new NameFields();
const symbols = new SymbolFields();

const firstBodyField = 3;
// Bytes of the length fields of the last event of each kind, and of its body: nearly always the same for the next one.
const eventLengthBytes = new Uint8Array(16).fill(1);
const bodyLengthBytes = new Uint8Array(16).fill(1);

/** Encodes the running group's events. `commands` are its effective ones. */
export function encodeEvents(source: EventSource, commands: readonly Command[], shard: number): Uint8Array {
  writeEvents(source, commands, shard);
  return writer.copy();
}

/** Whether `encodeEvents` would return these bytes; makes no copy. */
export function encodesTo(
  source: EventSource,
  commands: readonly Command[],
  shard: number,
  bytes: Uint8Array,
): boolean {
  writeEvents(source, commands, shard);
  return writer.equals(bytes);
}

function writeEvents(source: EventSource, commands: readonly Command[], shard: number): void {
  const { events, books, sequenceBefore } = source;
  const { words, count } = events;
  const timeField = timeFieldOf(source.nowMs);
  let trade = source.tradeCount - countTrades(words, count);
  for (let i = 0; i < count; i++) {
    const at = i * eventWords;
    const kind = words[at]!;
    if (kind === EventKind.TRADED) trade++;
    writer.makeRoom();
    const start = writer.begin(1, eventLengthBytes[kind]!);
    writer.number(1, sequenceBefore + i + 1);
    writer.raw(timeField);
    const book = words[at + 1]!;
    if (book === none) writer.text(3, orderOf(commands[words[at + 2]!]!, 0).symbol);
    else writer.raw(symbols.fieldOf(books[book]!.listing));
    const body = writer.begin(kind + firstBodyField, bodyLengthBytes[kind]!);
    if (kind === EventKind.TRADED) writeTraded(source, at, shard, trade);
    else if (kind === EventKind.LEVEL_CHANGED) writeLevel(source, at);
    else writeBody(source, at, commands[words[at + 2]!]!);
    bodyLengthBytes[kind] = writer.end(body, bodyLengthBytes[kind]!);
    eventLengthBytes[kind] = writer.end(start, eventLengthBytes[kind]!);
  }
}

// The same in all events of a group, and the longest number of most of them.
function timeFieldOf(timeMs: number): Uint8Array {
  writer.reset();
  writer.number(2, timeMs);
  const field = writer.copy();
  writer.reset();
  return field;
}

function countTrades(words: Int32Array, count: number): number {
  let trades = 0;
  for (let i = 0; i < count; i++) if (words[i * eventWords] === EventKind.TRADED) trades++;
  return trades;
}

function writeTraded(source: EventSource, at: number, shard: number, trade: number): void {
  const { words } = source.events;
  writer.numbers(1, shard, trade);
  writer.number(2, words[at + 5]!);
  writer.number(3, words[at + 6]!);
  writeTradedOrder(source, 4, words[at + 3]!, words[at + 7]!);
  writeTradedOrder(source, 5, words[at + 4]!, words[at + 8]!);
  if (source.ruleVersion > 1) writer.number(6, words[at + 9]!);
}

function writeTradedOrder(source: EventSource, field: number, key: number, open: number): void {
  const start = writer.begin(field, 1);
  writeOwner(source, key);
  writer.number(3, source.records.side[key]!);
  writer.number(4, open);
  writer.end(start, 1);
}

function writeLevel({ events: { words }, ruleVersion }: EventSource, at: number): void {
  writer.number(1, words[at + 3]!);
  writer.number(2, words[at + 4]!);
  writer.number(3, fromWords(words[at + 5]!, words[at + 6]!));
  writer.number(4, words[at + 7]!);
  if (ruleVersion > 1) writer.fixed32(5, words[at + 11]!);
}

function writeBody(source: EventSource, at: number, command: Command): void {
  const { words } = source.events;
  const a = words[at + 3]!;
  const b = words[at + 4]!;
  const c = words[at + 5]!;
  const listing = source.books[words[at + 1]!]?.listing;
  switch (words[at]) {
    case EventKind.LISTED:
      writeListing(writer, listing!);
      return;
    case EventKind.STATE_CHANGED:
      writer.number(1, a);
      if (source.ruleVersion > 1) writer.number(2, b);
      return;
    case EventKind.ACCEPTED:
      writeAccepted(source, at, command);
      return;
    case EventKind.REJECTED:
      if (a === none) writeNamed(orderOf(command, words[at + 6]!));
      else writeOwner(source, a);
      writeRejected(writer, { command, reason: b, detailA: c, detailB: words[at + 6]!, listing });
      return;
    case EventKind.CANCELLED:
      if (a === none) writeNamed(orderOf(command, 0));
      else writeOwner(source, a);
      writer.number(3, b);
      writer.number(4, c);
      if (words[at + 6]! & EventFlag.KEYED) writer.text(5, commandIdOf(command));
      return;
    case EventKind.REPLACED:
      writeReplaced(source, at, command);
      return;
    case EventKind.COMMAND_REJECTED:
      writeCommandRejected(writer, command, a);
      return;
    case EventKind.TRIGGERED:
      writeOwner(source, a);
      writer.number(3, b);
      writer.number(4, c);
      return;
    case EventKind.REFRESHED:
      writeOwner(source, a);
      writer.number(3, b);
      return;
    case EventKind.UNCROSSED:
      writer.number(1, a);
      writer.number(2, fromWords(b, c));
      return;
    case EventKind.SPLIT:
      writer.number(1, a);
      writer.number(2, b);
      return;
    default:
      throw new Error(`an event has the unknown kind ${words[at]}`);
  }
}

function writeAccepted(source: EventSource, at: number, command: Command): void {
  const key = source.events.words[at + 3]!;
  const place = source.events.words[at + 4]!;
  const isList = command.kind === 'submitList';
  const order = isList ? command.orders[place] : command;
  if (order?.kind !== 'submit') throw new Error('an order was accepted by a command that brought none');
  const start = writer.begin(1, 1);
  writeOwner(source, key);
  writer.raw(symbols.fieldOf(source.books[source.events.words[at + 1]!]!.listing));
  writeOrder(writer, order);
  writer.end(start, 1);
  if (!isList) return;
  writer.text(2, command.listId);
  writer.number(3, command.type);
  writer.number(4, place);
}

function writeReplaced(source: EventSource, at: number, command: Command): void {
  const { words } = source.events;
  const flags = words[at + 8]!;
  writeOwner(source, words[at + 3]!);
  writer.number(3, words[at + 4]!);
  writer.number(4, words[at + 5]!);
  writer.number(5, words[at + 6]!);
  writer.number(6, words[at + 7]!);
  if (flags & EventFlag.KEYED) writer.text(7, commandIdOf(command));
  if (flags & EventFlag.PRIORITY_RETAINED) writer.number(8, 1);
}

function writeOwner({ records, names: table }: EventSource, key: number): void {
  const account = records.account[key]!;
  writer.uuid(1, records.uuids, key * 4);
  names.write(writer, 2, table.names[account]!, account);
}

/** An order without a record, by the names of its command. */
function writeNamed({ orderId, accountId }: { orderId: string; accountId: string }): void {
  writer.text(1, orderId);
  writer.text(2, accountId);
}
