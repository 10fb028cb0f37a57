import { quantityMax, TradingState } from '../../engine/model/codes.ts';
import type { Command, Listing } from '../../engine/model/commands.ts';
import { formatUuid } from '../../engine/model/uuid.ts';
import { isWithin, timeMsMax, trailBpsMax } from '../../rpc/messages/order-terms.ts';
import { type CommandColumn, type CommandLine, FieldError } from './command-line.ts';
import type { OrderNames } from './order-names.ts';
import { parseOrder, sides, wordsOf } from './parse-order.ts';

/** The symbol of lines without one. */
export const defaultSymbol = 'BOOK';

const namesMax = 64;
const bpsMax = 100_000;
const dayMs = 86_400_000;
const splitMax = 1_000;
const [ttlMsMin, ttlMsMax] = [1_000, 3_600_000];
const states = wordsOf(TradingState);

/** The terms of a book that is opened on first use. */
export const defaultTerms = {
  ...{ tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 0 },
  ...{ breakerBps: 0, breakerHaltMs: 0, breakerAuctionMs: 0 },
} as const;

/** The command of a line. Throws FieldError for the first column that is malformed. */
export function parseCommand(line: CommandLine, number: number, timeMs: number, names: OrderNames): Command {
  const kind = line.text('command');
  switch (kind) {
    case 'new': {
      const accountId = accountOf(line);
      return parseOrder(line, { orderId: orderIdOf(line, names), idTimeMs: timeMs, accountId, symbol: symbolOf(line) });
    }
    case 'cancel':
      return { kind, ...keyed(line, number), orderId: orderIdOf(line, names) };
    case 'replace':
      return parseReplace(line, number, names);
    case 'void': {
      const accountId = accountOf(line);
      return { kind, orderId: orderIdOf(line, names), idTimeMs: timeMs, accountId, symbol: symbolOf(line) };
    }
    case 'cancel_all': {
      const accountId = nameOf(line, 'account');
      const side = line.isEmpty('side') ? 0 : line.word('side', sides);
      return { kind: 'cancelAll', commandId: commandIdOf(number), accountId, symbol: symbolOf(line), side };
    }
    case 'list_symbol':
      return { kind: 'list', listing: parseListing(line) };
    case 'state': {
      const state = line.word('state', states);
      return { kind: 'setState', commandId: commandIdOf(number), symbol: symbolOf(line), state };
    }
    case 'split':
      return parseSplit(line, number);
    case 'keep_alive': {
      const ttlMs = within(line, 'ttl_ms', ttlMsMin, ttlMsMax);
      return { kind: 'keepAlive', sessionId: required(line, 'session'), accountId: accountOf(line), ttlMs };
    }
    case 'time':
      return { kind };
    default:
      throw new FieldError('command');
  }
}

function parseReplace(line: CommandLine, number: number, names: OrderNames): Command {
  const orderId = orderIdOf(line, names);
  const terms = {
    expectedRevision: line.isEmpty('expected_revision')
      ? names.revisionOf(orderId)
      : within(line, 'expected_revision', 1, quantityMax),
    priceTicks: within(line, 'price', 1, quantityMax),
    quantityLots: within(line, 'quantity', 1, quantityMax),
    stopPriceTicks: within(line, 'stop_price', 0, quantityMax, 0),
    trailTicks: within(line, 'trail', 0, quantityMax, 0),
    trailBps: within(line, 'trail_bps', 0, trailBpsMax, 0),
    expireTimeMs: within(line, 'expire_ms', 0, timeMsMax, 0),
  };
  if (terms.trailTicks !== 0 && terms.trailBps !== 0) throw new FieldError('trail_bps');
  return { kind: 'replace', ...keyed(line, number), orderId, ...terms };
}

function parseSplit(line: CommandLine, number: number): Command {
  const numerator = within(line, 'numerator', 1, splitMax);
  const denominator = within(line, 'denominator', 1, splitMax);
  if (numerator === denominator) throw new FieldError('denominator');
  return { kind: 'split', commandId: commandIdOf(number), symbol: symbolOf(line), numerator, denominator };
}

function parseListing(line: CommandLine): Listing {
  const bandBps = within(line, 'band_bps', 0, bpsMax, 0);
  const referencePriceTicks = within(line, 'reference_price', bandBps > 0 ? 1 : 0, quantityMax, 0);
  const breakerBps = within(line, 'breaker_bps', 0, bpsMax, 0);
  const [min, max] = breakerBps > 0 ? [1, dayMs] : [0, 0];
  const breakerHaltMs = within(line, 'breaker_halt_ms', min, max, 0);
  const breakerAuctionMs = within(line, 'breaker_auction_ms', min, max, 0);
  const terms = { bandBps, referencePriceTicks, breakerBps, breakerHaltMs, breakerAuctionMs };
  return { ...defaultTerms, symbol: symbolOf(line), ...terms };
}

const commandWords = new Uint32Array(4);

// In the form of a UUID, which the engine stores without a string.
function commandIdOf(number: number): string {
  commandWords[2] = Math.floor(number / 2 ** 32);
  commandWords[3] = number;
  return formatUuid(commandWords, 0);
}

function keyed(line: CommandLine, number: number) {
  return { commandId: commandIdOf(number), accountId: accountOf(line), symbol: symbolOf(line) };
}

function orderIdOf(line: CommandLine, names: OrderNames): string {
  if (line.isEmpty('order_id')) throw new FieldError('order_id');
  return names.idOfColumn(line, 'order_id');
}

function accountOf(line: CommandLine): string {
  return required(line, 'account');
}

function symbolOf(line: CommandLine): string {
  return line.isEmpty('symbol') ? defaultSymbol : nameOf(line, 'symbol');
}

function required(line: CommandLine, column: CommandColumn): string {
  if (line.isEmpty(column)) throw new FieldError(column);
  return nameOf(line, column);
}

function nameOf(line: CommandLine, column: CommandColumn): string {
  const name = line.text(column);
  if (name.length > namesMax) throw new FieldError(column);
  return name;
}

function within(line: CommandLine, column: CommandColumn, min: number, max: number, empty?: number): number {
  const value = line.number(column, empty);
  if (!isWithin(value, min, max)) throw new FieldError(column);
  return value;
}
