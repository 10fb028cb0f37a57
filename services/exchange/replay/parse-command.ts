import { quantityMax, SelfTrade, Side, TimeInForce } from '../domain/codes.ts';
import type { Command } from '../domain/commands.ts';
import type { OrderNames } from './order-names.ts';

/** The columns of a command file; a file names those that it has in its first line, in any order. */
export const commandColumns = [
  ...(['command', 'order_id', 'account', 'side', 'type', 'time_in_force', 'price', 'quantity'] as const),
  ...(['symbol', 'post_only', 'self_trade_group', 'self_trade', 'expected_revision', 'time_ms'] as const),
];

/** A line of a command file by column; a column that the file does not have is empty. */
export type CommandLine = Record<(typeof commandColumns)[number], string>;

/** A column holds what no command can be made of. */
export class FieldError extends Error {
  readonly column: string;

  constructor(column: string) {
    super(`${column} is malformed`);
    this.column = column;
  }
}

const sides = { buy: Side.BUY, sell: Side.SELL };
const timesInForce = { gtc: TimeInForce.GTC, ioc: TimeInForce.IOC, fok: TimeInForce.FOK };
const modes = {
  cancel_newest: SelfTrade.CANCEL_NEWEST,
  cancel_oldest: SelfTrade.CANCEL_OLDEST,
  cancel_both: SelfTrade.CANCEL_BOTH,
  decrement: SelfTrade.DECREMENT,
};

/** The symbol of lines that name none. */
export const defaultSymbol = 'BOOK';

/** The command of a line. Throws FieldError for the first column that is malformed. */
export function parseCommand(line: CommandLine, number: number, timeMs: number, names: OrderNames): Command {
  const symbol = line.symbol || defaultSymbol;
  const accountId = line.account;
  const keyed = { commandId: commandIdOf(number), accountId, symbol };
  if (accountId === '' && line.command !== 'cancel_all') throw new FieldError('account');
  if (accountId.length > 64) throw new FieldError('account');
  if (line.command === 'cancel_all') return { kind: 'cancelAll', ...keyed, side: line.side === '' ? 0 : sideOf(line) };
  if (line.order_id === '') throw new FieldError('order_id');
  const orderId = names.idOf(line.order_id);
  switch (line.command) {
    case 'new':
      return { kind: 'submit', orderId, idTimeMs: timeMs, accountId, symbol, ...termsOf(line) };
    case 'cancel':
      return { kind: 'cancel', ...keyed, orderId };
    case 'replace': {
      const revision =
        line.expected_revision === '' ? names.revisionOf(orderId) : wholeNumber(line, 'expected_revision');
      return { kind: 'replace', ...keyed, orderId, expectedRevision: revision, ...sizeOf(line) };
    }
    case 'void':
      return { kind: 'void', orderId, idTimeMs: timeMs, accountId, symbol };
    default:
      throw new FieldError('command');
  }
}

// In the form of a UUID: the engine keeps those without a text each.
function commandIdOf(number: number): string {
  return `00000000-0000-0000-0000-${number.toString(16).padStart(12, '0')}`;
}

function termsOf(line: CommandLine) {
  if (line.type !== '' && line.type !== 'limit') throw new FieldError('type');
  const timeInForce = line.time_in_force === '' ? TimeInForce.GTC : oneOf(line, 'time_in_force', timesInForce);
  const postOnly = line.post_only === '1' || line.post_only === 'true';
  if (postOnly && timeInForce !== TimeInForce.GTC) throw new FieldError('post_only');
  const selfTrade = line.self_trade === '' ? SelfTrade.CANCEL_NEWEST : oneOf(line, 'self_trade', modes);
  return {
    side: sideOf(line),
    timeInForce,
    ...sizeOf(line),
    postOnly,
    selfTradeGroup: line.self_trade_group,
    selfTrade,
  };
}

function sizeOf(line: CommandLine) {
  return { priceTicks: wholeNumber(line, 'price'), quantityLots: wholeNumber(line, 'quantity') };
}

function sideOf(line: CommandLine): Side {
  return oneOf(line, 'side', sides);
}

function oneOf<T>(line: CommandLine, column: keyof CommandLine, values: Record<string, T>): T {
  const value = Object.hasOwn(values, line[column]) ? values[line[column]] : undefined;
  if (value === undefined) throw new FieldError(column);
  return value;
}

function wholeNumber(line: CommandLine, column: keyof CommandLine): number {
  const text = line[column];
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > quantityMax) throw new FieldError(column);
  return value;
}
