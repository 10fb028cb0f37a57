import {
  acceptanceHighOffset,
  acceptanceLowOffset,
  extraWords,
  listOffset,
  roleOffset,
  sessionOffset,
} from '../engine/matching/extra-table.ts';
import { entryTradedOffset, idHighOffset, idLowOffset } from '../engine/matching/list-table.ts';
import {
  extraOffset,
  flagsOffset,
  levelOffset,
  openOffset,
  priceOffset,
  priorityOf,
  quantityOffset,
  shownOffset,
  touchedBit,
} from '../engine/matching/order-table.ts';
import { none } from '../engine/model/codes.ts';
import { fromWords } from '../engine/model/columns.ts';
import type { RememberedCommand } from '../engine/state/command-memory.ts';
import { liveSlots, type RecordColumns, type StateImage } from '../engine/state-image.ts';
import { ByteWriter } from '../journal/byte-writer.ts';
import { outcomeNumbers, RecordKind, termWords, valueLowBits } from './record.ts';

/** Size at which a part of a snapshot ends. */
export const partBytesMax = 1024 * 1024;

/** Records between two yields to the event loop; about half a millisecond. */
const sliceRecords = 500;

/**
 * Encodes an image incrementally: yields the bytes of each full part, and undefined after each slice of work in between. Records never
 * span parts.
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
  for (const session of image.sessions) yield () => writeSession(session, writer);
  const seen = new Set<number>();
  let index = 0;
  for (const slot of liveSlots(image.orders)) {
    const place = index++;
    yield () => writeLive(image, { slot, place }, seen, writer);
  }
  for (const key of image.finalKeys()) {
    yield () => {
      writer.byte(RecordKind.FINAL);
      writeRecord(image.records, key, writer);
    };
  }
  for (const command of image.commands.records()) yield () => writeCommand(command, RecordKind.COMMAND, writer);
  for (const command of image.operatorCommands.records())
    yield () => writeCommand(command, RecordKind.OPERATOR_COMMAND, writer);
  yield () => writer.byte(RecordKind.END);
}

function writeHead(image: StateImage, writer: ByteWriter): void {
  const { nowMs, sequence, tradeCount, ruleVersion, priorities, acceptances, sessionsBegan } = image;
  writer.byte(RecordKind.HEAD);
  writeNumbers(writer, [ruleVersion, nowMs, sequence, tradeCount, priorities, acceptances, sessionsBegan]);
  writeNumbers(writer, [image.orderCount, image.commands.count, image.operatorCommands.count, image.closedIdTimeMs]);
}

function writeBook(book: StateImage['books'][number], writer: ByteWriter): void {
  const { listing } = book;
  writer.byte(RecordKind.BOOK);
  for (const text of [listing.symbol, listing.tickSize, listing.lotSize, listing.currency]) writer.text(text);
  writeNumbers(writer, [listing.bandBps, listing.referencePriceTicks]);
  writeNumbers(writer, [listing.breakerBps, listing.breakerHaltMs, listing.breakerAuctionMs]);
  writeNumbers(writer, [book.state, book.lastPrice, book.listingReference, book.breakerReference, book.timerTimeMs]);
}

function writeSession({ name, account, endTimeMs, handle }: StateImage['sessions'][number], writer: ByteWriter): void {
  writer.byte(RecordKind.SESSION);
  writer.text(name);
  writeNumbers(writer, [account, endTimeMs, handle]);
}

type Live = { slot: number; place: number };

function writeLive(image: StateImage, { slot, place }: Live, seen: Set<number>, writer: ByteWriter): void {
  const { orders, extras, expireTimesMs } = image;
  const extra = orders[slot + extraOffset]!;
  const list = extra === none ? none : extras[extra + listOffset]!;
  if (list !== none && !seen.has(list)) writeList(image, list, writer);
  seen.add(list);
  writer.byte(RecordKind.LIVE);
  writeRecord(image.live, place, writer);
  for (const word of [priceOffset, openOffset, shownOffset]) writer.varint(orders[slot + word]!);
  writeNumbers(writer, [orders[slot + flagsOffset]! & ~touchedBit, orders[slot + quantityOffset]!]);
  writeNumbers(writer, [priorityOf(orders, slot), orders[slot + levelOffset]!]);
  writer.byte(extra === none ? 0 : 1);
  if (extra === none) return;
  for (let i = 0; i < termWords; i++) writer.varint(extras[extra + i]!);
  const acceptance = fromWords(extras[extra + acceptanceLowOffset]!, extras[extra + acceptanceHighOffset]!);
  writeNumbers(writer, [list + 1, extras[extra + roleOffset]!, extras[extra + sessionOffset]! + 1, acceptance]);
  writer.varint(expireTimesMs[extra / extraWords]!);
}

function writeList({ lists }: StateImage, list: number, writer: ByteWriter): void {
  writer.byte(RecordKind.LIST);
  writer.varint(list);
  writer.word(lists[list + idLowOffset]!);
  writer.word(lists[list + idHighOffset]!);
  writer.varint(lists[list + entryTradedOffset]!);
}

function writeRecord(records: RecordColumns, key: number, writer: ByteWriter): void {
  for (let i = key * 4; i < key * 4 + 4; i++) writer.word(records.uuids[i]!);
  writer.byte(records.status[key]!);
  writer.byte(records.side[key]!);
  writeNumbers(writer, [records.book[key]! + 1, records.account[key]!, records.group[key]!]);
  writer.word(records.bodyLow[key]!);
  writer.word(records.bodyHigh[key]!);
  writeNumbers(writer, [records.revision[key]!, records.finalSequence[key]!, records.finalTimeMs[key]!]);
  for (let i = key * 6; i < key * 6 + 6; i++) writer.varint(unsigned(records.answers[i]!));
  writeNumbers(writer, [records.answerSequence[key]!, records.answerTimeMs[key]!]);
  writeValue(records.answerValue[key]!, writer);
}

function writeCommand(command: RememberedCommand, kind: number, writer: ByteWriter): void {
  const { key, bodyLow, bodyHigh, hashLow, hashHigh, outcome, timeMs } = command;
  writer.byte(kind);
  for (const word of key) writer.word(word);
  for (const word of [bodyLow, bodyHigh, hashLow, hashHigh]) writer.word(word);
  for (const name of outcomeNumbers) {
    writer.varint(name === 'feedSequence' ? outcome.feedSequence : unsigned(outcome[name]));
  }
  writer.varint(timeMs);
  writeValue(outcome.tradedValue, writer);
}

// Values of up to 2^53 - 1 take one varint and a zero.
function writeValue(value: bigint, writer: ByteWriter): void {
  writer.varint(Number(BigInt.asUintN(valueLowBits, value)));
  writer.varint(Number(value >> BigInt(valueLowBits)));
}

// Outcomes store their numbers in 32 bits, also the lots of two orders of a list: negative ones are written as unsigned varints, and
// restored as they were.
function unsigned(word: number): number {
  return word >>> 0;
}

function writeNumbers(writer: ByteWriter, numbers: readonly number[]): void {
  for (const number of numbers) writer.varint(number);
}
