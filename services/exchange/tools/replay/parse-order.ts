import { OrderType, SelfTrade, Side, TimeInForce } from '../../engine/model/codes.ts';
import type { SubmitCommand } from '../../engine/model/commands.ts';
import { termsViolation } from '../../rpc/messages/order-terms.ts';
import { type CommandColumn, type CommandLine, FieldError } from './command-line.ts';

/** The identity of an order: id, time, account and symbol. */
export type OrderOwner = Pick<SubmitCommand, 'orderId' | 'idTimeMs' | 'accountId' | 'symbol'>;

const namesMax = 64;

/** Sides by their words. */
export const sides = wordsOf(Side);
const types = wordsOf(OrderType);
const timesInForce = wordsOf(TimeInForce);
const modes = wordsOf(SelfTrade);

/** The columns of a file by the fields of the contract. */
const columns: Record<string, CommandColumn> = {
  ...{ price_ticks: 'price', quantity_lots: 'quantity', self_trade_prevention: 'self_trade' },
  ...{ stop_price_ticks: 'stop_price', trail_ticks: 'trail', display_lots: 'display', minimum_lots: 'minimum' },
  ...{ expire_time_ms: 'expire_ms', value_max: 'value' },
};

/** Parses the order of a line. Throws FieldError for the first column that is malformed or incompatible with the others. */
export function parseOrder(line: CommandLine, owner: OrderOwner): SubmitCommand {
  const order: SubmitCommand = {
    kind: 'submit',
    orderId: owner.orderId,
    idTimeMs: owner.idTimeMs,
    accountId: owner.accountId,
    symbol: owner.symbol,
    side: line.word('side', sides),
    type: line.word('type', types, OrderType.LIMIT),
    timeInForce: line.word('time_in_force', timesInForce, TimeInForce.GTC),
    priceTicks: line.number('price'),
    quantityLots: line.number('quantity'),
    postOnly: line.flag('post_only'),
    slide: line.flag('slide'),
    selfTradeGroup: line.text('self_trade_group'),
    selfTrade: line.word('self_trade', modes, SelfTrade.CANCEL_NEWEST),
    stopPriceTicks: line.number('stop_price', 0),
    trailTicks: line.number('trail', 0),
    trailBps: line.number('trail_bps', 0),
    displayLots: line.number('display', 0),
    minimumLots: line.number('minimum', 0),
    expireTimeMs: line.number('expire_ms', 0),
    sessionId: line.text('session'),
    withinBand: line.flag('within_band'),
    valueMax: line.number('value', 0),
  };
  if (order.selfTradeGroup.length > namesMax) throw new FieldError('self_trade_group');
  if (order.sessionId.length > namesMax) throw new FieldError('session');
  const violation = termsViolation(order);
  if (violation) throw new FieldError(columnOf(violation.field));
  return order;
}

/** The column of a field of the contract. */
export function columnOf(field: string): string {
  return columns[field] ?? field;
}

/** The codes of an enumeration by their names in lower case. */
export function wordsOf<T extends number>(codes: Record<string, T>): Map<string, T> {
  return new Map(Object.entries(codes).map(([name, code]) => [name.toLowerCase(), code]));
}
