/**
 * The commands of a group as bytes: a format version, then each command as its kind and its fields. A later format gets another
 * version and stays beside this one, as long as journals hold it.
 */
import type { SelfTrade, Side, TimeInForce, TradingState } from '../domain/codes.ts';
import type { Command } from '../domain/commands.ts';
import { uuidTimeMs } from '../domain/uuid.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

const formatVersion = 1;
const kinds = ['submit', 'cancel', 'replace', 'cancelAll', 'void', 'list', 'setState', 'rules'] as const;

const writer = new ByteWriter();
const key = new Uint32Array(4);

/** The bytes of a group's commands. */
export function encodeCommands(commands: readonly Command[]): Uint8Array {
  writer.reset();
  writer.byte(formatVersion);
  for (const command of commands) {
    writer.byte(kinds.indexOf(command.kind));
    writeFields(command);
  }
  return writer.copy();
}

/** The commands in the bytes. Throws RangeError when they are not of a format that this release knows. */
export function decodeCommands(bytes: Uint8Array): Command[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== formatVersion) throw new RangeError(`command format ${version} is not known`);
  const commands: Command[] = [];
  while (!reader.done) commands.push(readCommand(reader));
  return commands;
}

function writeFields(command: Command): void {
  switch (command.kind) {
    case 'submit':
      writeTexts(command.orderId, command.accountId, command.symbol, command.selfTradeGroup);
      writer.byte(command.side);
      writer.byte(command.timeInForce);
      writer.byte(command.selfTrade);
      writer.byte(command.postOnly ? 1 : 0);
      writeNumbers(command.priceTicks, command.quantityLots);
      break;
    case 'cancel':
      writeTexts(command.commandId, command.orderId, command.accountId, command.symbol);
      break;
    case 'replace':
      writeTexts(command.commandId, command.orderId, command.accountId, command.symbol);
      writeNumbers(command.expectedRevision, command.priceTicks, command.quantityLots);
      break;
    case 'cancelAll':
      writeTexts(command.commandId, command.accountId, command.symbol);
      writer.byte(command.side);
      break;
    case 'void':
      writeTexts(command.orderId, command.accountId, command.symbol);
      break;
    case 'list': {
      const { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks } = command.listing;
      writeTexts(symbol, tickSize, lotSize, currency);
      writeNumbers(bandBps, referencePriceTicks);
      break;
    }
    case 'setState':
      writeTexts(command.commandId, command.symbol);
      writer.byte(command.state);
      break;
    case 'rules':
      writeNumbers(command.version);
      break;
    default:
      command satisfies never;
  }
}

function readCommand(reader: ByteReader): Command {
  const kind = kinds[reader.byte()];
  switch (kind) {
    case 'submit': {
      const orderId = reader.uuid(key);
      const owner = { accountId: reader.text(), symbol: reader.text(), selfTradeGroup: reader.text() };
      const [side, timeInForce] = [reader.byte() as Side, reader.byte() as TimeInForce];
      const [selfTrade, postOnly] = [reader.byte() as SelfTrade, reader.byte() === 1];
      const terms = {
        side,
        timeInForce,
        selfTrade,
        postOnly,
        priceTicks: reader.varint(),
        quantityLots: reader.varint(),
      };
      return { kind, orderId, idTimeMs: uuidTimeMs(key, 0), ...owner, ...terms };
    }
    case 'cancel':
      return { kind, ...readKeyed(reader) };
    case 'replace': {
      const keyed = readKeyed(reader);
      const [expectedRevision, priceTicks, quantityLots] = [reader.varint(), reader.varint(), reader.varint()];
      return { kind, ...keyed, expectedRevision, priceTicks, quantityLots };
    }
    case 'cancelAll': {
      const [commandId, accountId, symbol] = [reader.text(), reader.text(), reader.text()];
      return { kind, commandId, accountId, symbol, side: reader.byte() as Side | 0 };
    }
    case 'void': {
      const orderId = reader.uuid(key);
      return { kind, orderId, idTimeMs: uuidTimeMs(key, 0), accountId: reader.text(), symbol: reader.text() };
    }
    case 'list': {
      const [symbol, tickSize, lotSize, currency] = [reader.text(), reader.text(), reader.text(), reader.text()];
      const [bandBps, referencePriceTicks] = [reader.varint(), reader.varint()];
      return { kind, listing: { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks } };
    }
    case 'setState':
      return { kind, commandId: reader.text(), symbol: reader.text(), state: reader.byte() as TradingState };
    case 'rules':
      return { kind, version: reader.varint() };
    default:
      throw new RangeError('a command is of a kind that is not known');
  }
}

function readKeyed(reader: ByteReader) {
  return { commandId: reader.text(), orderId: reader.text(), accountId: reader.text(), symbol: reader.text() };
}

function writeTexts(...texts: string[]): void {
  for (const text of texts) writer.text(text);
}

function writeNumbers(...numbers: number[]): void {
  for (const number of numbers) writer.varint(number);
}
