import { OrderStatus } from '../domain/codes.ts';
import type { RememberedCommand } from '../domain/command-memory.ts';
import { plainColumns } from '../domain/restore-state.ts';
import type { StateImage } from '../domain/state-image.ts';
import { knownSlots } from '../domain/state-image.ts';
import { ByteWriter } from '../journal/byte-writer.ts';
import { outcomeNumbers, RecordKind } from './record.ts';

/** Size at which a part of a snapshot ends. */
export const partBytesMax = 1024 * 1024;

/** Records between two chances for the caller to let others run; about half a millisecond. */
const sliceRecords = 500;

/**
 * Encodes an image bit by bit: yields the bytes of a part whenever one is full, and undefined after each slice of work in between.
 * Records never span parts.
 */
export function* encodeImage(image: StateImage): Generator<Uint8Array | undefined, void, undefined> {
  const writer = new ByteWriter();
  let records = 0;
  for (const write of recordsOf(image, writer)) {
    write();
    records++;
    if (writer.length >= partBytesMax) {
      yield writer.copy();
      writer.reset();
    } else if (records % sliceRecords === 0) yield undefined;
  }
  yield writer.copy();
}

function* recordsOf(image: StateImage, writer: ByteWriter): Generator<() => void> {
  yield () => writeHead(image, writer);
  for (const book of image.books) yield () => writeBook(book, writer);
  for (const name of image.names) {
    yield () => {
      writer.byte(RecordKind.NAME);
      writer.text(name);
    };
  }
  for (const slot of knownSlots(image)) yield () => writeOrder(image, slot, writer);
  for (const command of image.commands.records()) yield () => writeCommand(command, writer);
  yield () => writer.byte(RecordKind.END);
}

function writeHead(
  { nowMs, sequence, tradeCount, ruleVersion, orders, commands }: StateImage,
  writer: ByteWriter,
): void {
  writer.byte(RecordKind.HEAD);
  for (const value of [ruleVersion, nowMs, sequence, tradeCount, orders.count, commands.count]) writer.varint(value);
}

function writeBook({ listing, state, lastPrice }: StateImage['books'][number], writer: ByteWriter): void {
  writer.byte(RecordKind.BOOK);
  for (const text of [listing.symbol, listing.tickSize, listing.lotSize, listing.currency]) writer.text(text);
  for (const value of [listing.bandBps, listing.referencePriceTicks, state, lastPrice]) writer.varint(value);
}

function writeOrder({ orders }: StateImage, slot: number, writer: ByteWriter): void {
  writer.byte(RecordKind.ORDER);
  for (let i = slot * 4; i < slot * 4 + 4; i++) writer.word(orders.uuids[i]!);
  writer.byte(orders.status[slot]!);
  writer.varint(orders.book[slot]!);
  writer.varint(orders.account[slot]!);
  writer.varint(orders.group[slot]!);
  writer.varint(orders.stamp[slot]!);
  writer.varint(orders.status[slot] === OrderStatus.LIVE ? 0 : orders.finalTimeMs[slot]!);
  for (const column of plainColumns) writer.varint(orders[column][slot]!);
}

function writeCommand({ commandId, bodyLow, bodyHigh, outcome, timeMs }: RememberedCommand, writer: ByteWriter): void {
  writer.byte(RecordKind.COMMAND);
  writer.text(commandId);
  writer.word(bodyLow);
  writer.word(bodyHigh);
  for (const name of outcomeNumbers) writer.varint(outcome[name]);
  writer.varint(timeMs);
}
