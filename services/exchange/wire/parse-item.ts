/** Turns items of requests into commands. What is malformed becomes a rejection that names the field, and changes nothing. */
import type { CancelItem, NewOrder, ReplaceItem, VoidItem } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7TimeMs } from '#platform/ids/uuid-v7.ts';
import type { SelfTrade, Side } from '../domain/codes.ts';
import { SelfTrade as SelfTrades, TimeInForce } from '../domain/codes.ts';
import type { CancelCommand, ReplaceCommand, SubmitCommand, VoidCommand } from '../domain/commands.ts';
import type { Violation } from './fields.ts';
import { firstViolation, isAccount, isCommandId, isGroup, isInt32, isOrderId, isSymbol } from './fields.ts';

/** A command, or what is wrong with the item. */
export type Parsed<C> = { key: string } & ({ command: C; violation?: undefined } | { violation: Violation });

/** One order. */
export function parseNewOrder(order: NewOrder): Parsed<SubmitCommand> {
  const { orderId, accountId, symbol, side, postOnly, selfTradeGroup } = order;
  const timeInForce = order.timeInForce || TimeInForce.GTC;
  const violation = firstViolation([
    isOrderId(orderId),
    isAccount(accountId),
    isSymbol(symbol),
    [side === 1 || side === 2, 'side', 'must be SIDE_BUY or SIDE_SELL'],
    [order.type === OrderType.LIMIT, 'type', 'must be ORDER_TYPE_LIMIT'],
    [isTimeInForce(timeInForce), 'time_in_force', 'must be GTC, IOC or FOK'],
    isInt32(order.priceTicks, 'price_ticks'),
    isInt32(order.quantityLots, 'quantity_lots'),
    [!postOnly || timeInForce === TimeInForce.GTC, 'post_only', 'goes with GTC only'],
    isGroup(selfTradeGroup),
    [order.selfTradePrevention <= SelfTrades.DECREMENT, 'self_trade_prevention', 'is not a known mode'],
  ]);
  if (violation) return { key: orderId, violation };
  const command: SubmitCommand = {
    kind: 'submit',
    orderId,
    idTimeMs: uuidV7TimeMs(orderId),
    accountId,
    symbol,
    side: side as Side,
    timeInForce: timeInForce as TimeInForce,
    priceTicks: Number(order.priceTicks),
    quantityLots: Number(order.quantityLots),
    postOnly,
    selfTradeGroup,
    selfTrade: (order.selfTradePrevention || SelfTrades.CANCEL_NEWEST) as SelfTrade,
  };
  return { key: orderId, command };
}

/** One cancel. */
export function parseCancel({ commandId, orderId, accountId, symbol }: CancelItem): Parsed<CancelCommand> {
  const fields = [isCommandId(commandId), isOrderId(orderId), isAccount(accountId), isSymbol(symbol)];
  const violation = firstViolation(fields);
  if (violation) return { key: commandId, violation };
  return { key: commandId, command: { kind: 'cancel', commandId, orderId, accountId, symbol } };
}

/** One replace. */
export function parseReplace(item: ReplaceItem): Parsed<ReplaceCommand> {
  const { commandId, orderId, accountId, symbol, expectedRevision } = item;
  const violation = firstViolation([
    isCommandId(commandId),
    isOrderId(orderId),
    isAccount(accountId),
    isSymbol(symbol),
    [expectedRevision >= 1, 'expected_revision', 'must be 1 or more'],
    isInt32(item.priceTicks, 'price_ticks'),
    isInt32(item.quantityLots, 'quantity_lots'),
  ]);
  if (violation) return { key: commandId, violation };
  const [priceTicks, quantityLots] = [Number(item.priceTicks), Number(item.quantityLots)];
  const names = { commandId, orderId, accountId, symbol };
  return { key: commandId, command: { kind: 'replace', ...names, expectedRevision, priceTicks, quantityLots } };
}

/** One void. */
export function parseVoid({ orderId, accountId, symbol }: VoidItem): Parsed<VoidCommand> {
  const violation = firstViolation([isOrderId(orderId), isAccount(accountId), isSymbol(symbol)]);
  if (violation) return { key: orderId, violation };
  return { key: orderId, command: { kind: 'void', orderId, idTimeMs: uuidV7TimeMs(orderId), accountId, symbol } };
}

function isTimeInForce(value: number): boolean {
  return value === TimeInForce.GTC || value === TimeInForce.IOC || value === TimeInForce.FOK;
}
