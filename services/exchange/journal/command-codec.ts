/**
 * The commands of a group as bytes: a format version, then each command as its kind and its fields. A later format gets another
 * version; earlier formats remain readable as long as journals hold them.
 */
import type { ListType, Side, TradingState } from '../engine/model/codes.ts';
import type { Command, Listing, ReplaceCommand } from '../engine/model/commands.ts';
import { uuidTimeMs } from '../engine/model/uuid.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { formatVersion as formatVersion1, readCommand1 } from './command-codec-1.ts';
import { readOrder, writeOrder } from './order-codec.ts';

const formatVersion = 2;
const kinds = [
  ...(['submit', 'cancel', 'replace', 'cancelAll', 'void', 'list', 'setState', 'rules'] as const),
  ...(['submitList', 'keepAlive', 'split', 'time', 'replaceMore'] as const),
];
const kindNumbers = Object.fromEntries(kinds.map((kind, number) => [kind, number])) as Record<
  (typeof kinds)[number],
  number
>;

const writer = new ByteWriter();
const key = new Uint32Array(4);

/** Encodes the commands of a group. */
export function encodeCommands(commands: readonly Command[]): Uint8Array {
  writer.reset();
  writer.byte(formatVersion);
  for (const command of commands) {
    writer.byte(kindNumbers[changesMore(command) ? 'replaceMore' : command.kind]);
    writeFields(command);
  }
  return writer.copy();
}

/** Decodes the commands of a group. Throws RangeError when the format is unknown or the bytes end too early. */
export function decodeCommands(bytes: Uint8Array): Command[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== formatVersion && version !== formatVersion1) {
    throw new RangeError(`command format ${version} is not known`);
  }
  const read = version === formatVersion ? readCommand : readCommand1;
  const commands: Command[] = [];
  while (!reader.done) commands.push(read(reader));
  return commands;
}

function writeFields(command: Command): void {
  switch (command.kind) {
    case 'submit':
      writeOrder(writer, command);
      break;
    case 'submitList':
      writer.text(command.listId);
      writer.byte(command.type);
      writer.byte(command.orders.length);
      for (const order of command.orders) writeOrder(writer, order);
      break;
    case 'cancel':
      writeTexts(command.commandId, command.orderId, command.accountId, command.symbol);
      break;
    case 'replace':
      writeTexts(command.commandId, command.orderId, command.accountId, command.symbol);
      writeNumbers(command.expectedRevision, command.priceTicks, command.quantityLots, command.stopPriceTicks);
      if (changesMore(command)) writeNumbers(command.trailTicks, command.trailBps, command.expireTimeMs);
      break;
    case 'cancelAll':
      writeTexts(command.commandId, command.accountId, command.symbol);
      writer.byte(command.side);
      break;
    case 'void':
      writeTexts(command.orderId, command.accountId, command.symbol);
      break;
    case 'list':
      writeListing(command.listing);
      break;
    case 'setState':
      writeTexts(command.commandId, command.symbol);
      writer.byte(command.state);
      break;
    case 'keepAlive':
      writeTexts(command.sessionId, command.accountId);
      writeNumbers(command.ttlMs);
      break;
    case 'split':
      writeTexts(command.commandId, command.symbol);
      writeNumbers(command.numerator, command.denominator);
      break;
    case 'rules':
      writeNumbers(command.version);
      break;
    case 'time':
      break;
    default:
      command satisfies never;
  }
}

// A replace of trail or expiry has a kind of its own, so that all others have the bytes of earlier releases.
function changesMore(command: Command): boolean {
  if (command.kind !== 'replace') return false;
  return command.trailTicks !== 0 || command.trailBps !== 0 || command.expireTimeMs !== 0;
}

function writeListing(listing: Listing): void {
  writeTexts(listing.symbol, listing.tickSize, listing.lotSize, listing.currency);
  writeNumbers(listing.bandBps, listing.referencePriceTicks);
  writeNumbers(listing.breakerBps, listing.breakerHaltMs, listing.breakerAuctionMs);
}

function readCommand(reader: ByteReader): Command {
  const kind = kinds[reader.byte()];
  switch (kind) {
    case 'submit':
      return readOrder(reader);
    case 'submitList': {
      const listId = reader.text();
      const [type, length] = [reader.byte() as ListType, reader.byte()];
      return { kind, listId, type, orders: Array.from({ length }, () => readOrder(reader)) };
    }
    case 'cancel': {
      const [commandId, orderId] = [reader.text(), reader.text()];
      return { kind, commandId, orderId, accountId: reader.name(), symbol: reader.name() };
    }
    case 'replace':
      return { ...readReplace(reader), trailTicks: 0, trailBps: 0, expireTimeMs: 0 };
    case 'replaceMore':
      return {
        ...readReplace(reader),
        trailTicks: reader.varint(),
        trailBps: reader.varint(),
        expireTimeMs: reader.varint(),
      };
    case 'cancelAll': {
      const [commandId, accountId, symbol] = [reader.text(), reader.name(), reader.name()];
      return { kind, commandId, accountId, symbol, side: reader.byte() as Side | 0 };
    }
    case 'void': {
      const orderId = reader.uuid(key);
      return { kind, orderId, idTimeMs: uuidTimeMs(key, 0), accountId: reader.name(), symbol: reader.name() };
    }
    case 'list':
      return { kind, listing: readListing(reader) };
    case 'setState':
      return { kind, commandId: reader.text(), symbol: reader.name(), state: reader.byte() as TradingState };
    case 'keepAlive':
      return { kind, sessionId: reader.text(), accountId: reader.name(), ttlMs: reader.varint() };
    case 'split': {
      const [commandId, symbol] = [reader.text(), reader.name()];
      return { kind, commandId, symbol, numerator: reader.varint(), denominator: reader.varint() };
    }
    case 'rules':
      return { kind, version: reader.varint() };
    case 'time':
      return { kind };
    default:
      throw new RangeError('a command is of a kind that is not known');
  }
}

type PlainReplace = Omit<ReplaceCommand, 'trailTicks' | 'trailBps' | 'expireTimeMs'>;

function readReplace(reader: ByteReader): PlainReplace {
  const [commandId, orderId, accountId, symbol] = [reader.text(), reader.text(), reader.name(), reader.name()];
  const [expectedRevision, priceTicks, quantityLots] = [reader.varint(), reader.varint(), reader.varint()];
  const names = { commandId, orderId, accountId, symbol };
  return { kind: 'replace', ...names, expectedRevision, priceTicks, quantityLots, stopPriceTicks: reader.varint() };
}

function readListing(reader: ByteReader): Listing {
  const [symbol, tickSize, lotSize, currency] = [reader.text(), reader.text(), reader.text(), reader.text()];
  const [bandBps, referencePriceTicks] = [reader.varint(), reader.varint()];
  const breaker = { breakerBps: reader.varint(), breakerHaltMs: reader.varint(), breakerAuctionMs: reader.varint() };
  return { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks, ...breaker };
}

function writeTexts(...texts: string[]): void {
  for (const text of texts) writer.text(text);
}

function writeNumbers(...numbers: number[]): void {
  for (const number of numbers) writer.varint(number);
}
