/** The RPCs that have an effect of their own under a client-made key, and for how long a repeat under it is the same call. */
import type { DescMessage, DescMethodUnary, JsonObject, MessageShape } from '@bufbuild/protobuf';
import { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { LedgerAdminService, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { OrderService, type OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { ApiKeyService } from '#gen/outcry/user/v1/api_key_pb.ts';

/** A unary RPC whose request has a key in the field of this name. */
export type KeyedRpc<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = {
  method: DescMethodUnary<I, O>;
  keyField: string & keyof MessageShape<I>;
  /** Fills in further keys of the request, which follow from its own. */
  complete?(request: JsonObject): JsonObject;
};

/** Places an order. */
export const placeOrder = { method: OrderService.method.placeOrder, keyField: 'clientOrderId' } as const;
/** Places a list of orders, each under a key that follows from that of the list. */
export const placeOrderList = {
  method: OrderService.method.placeOrderList,
  keyField: 'clientListId',
  complete({ orders, ...list }: JsonObject): JsonObject {
    const named = (orders as JsonObject[]).map((order, index) => ({
      ...order,
      clientOrderId: `${list.clientListId ?? ''}-${index + 1}`,
    }));
    return { ...list, orders: named };
  },
} as const;
/** Brings cash in. */
export const deposit = { method: LedgerService.method.deposit, keyField: 'idempotencyKey' } as const;
/** Takes cash out. */
export const withdraw = { method: LedgerService.method.withdraw, keyField: 'idempotencyKey' } as const;
/** Corrects an account. */
export const adjustAccount = { method: LedgerAdminService.method.adjustAccount, keyField: 'idempotencyKey' } as const;
/** Arranges an automation. */
export const createRule = { method: AutoService.method.createRule, keyField: 'idempotencyKey' } as const;
/** Makes an API key. */
export const createApiKey = { method: ApiKeyService.method.createApiKey, keyField: 'idempotencyKey' } as const;
/** Changes an order. */
export const replaceOrder = { method: OrderService.method.replaceOrder, keyField: 'idempotencyKey' } as const;
/** Cancels all that is open. */
export const cancelAllOrders = { method: OrderService.method.cancelAllOrders, keyField: 'idempotencyKey' } as const;
/** Sells a position, or a part of it. */
export const closePosition = { method: OrderService.method.closePosition, keyField: 'clientOrderId' } as const;
/** Sells all positions. */
export const closeAllPositions = { method: OrderService.method.closeAllPositions, keyField: 'idempotencyKey' } as const;

/**
 * After this time a call is not repeated, in ms: keys are stored for 7 days, and this machine's clock may differ. An order's key lives as
 * long as the order, but one that was meant for a market of days ago is not placed today.
 */
export const repeatTimeMaxMs = 6 * 24 * 3_600_000;

/** An order for the moment (market, IOC, FOK, by amount) is not sent any more so long after its command, in ms. */
export const momentSendMaxMs = 30_000;

/**
 * So long after its command an order for the moment was placed or never will be, in ms: its last call has ended, and the gateway gives no
 * call more than its own deadline.
 */
export const momentTimeMaxMs = 60_000;

/** Whether the order is for the market of its own moment: one that waits for its stop first is not. */
export function isForTheMoment({ type, timeInForce, size }: OrderTerms): boolean {
  const isImmediate = timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK;
  return type === OrderType.MARKET || (type === OrderType.LIMIT && isImmediate) || size.case === 'amount';
}

/** All of them. */
export const keyedRpcs = [
  placeOrder,
  placeOrderList,
  deposit,
  withdraw,
  adjustAccount,
  createRule,
  createApiKey,
  replaceOrder,
  cancelAllOrders,
  closePosition,
  closeAllPositions,
];
