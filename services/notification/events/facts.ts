/** Events as facts; undefined for those without a message. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { PriceDirection, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { AlertRaised, RunFinished } from '#gen/outcry/auto/v1/events_pb.ts';
import type { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { OrderEnded, OrderFilled, OrderOpened } from '#gen/outcry/order/v1/events_pb.ts';
import { type Order, OrderCancelReason, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ApiKeyCreated, LogInsFailed } from '#gen/outcry/user/v1/events_pb.ts';
import { keyScopes } from '#platform/auth/scopes.ts';
import { reasonName } from '#platform/errors/details.ts';
import type { Fact, OrderFact } from '../domain/fact.ts';

/** Why an order was cancelled, after "cancelled: ". */
const cancelTexts: Partial<Record<OrderCancelReason, string>> = {
  [OrderCancelReason.REQUESTED]: 'you asked for it',
  [OrderCancelReason.NO_LIQUIDITY]: 'what was left of it could not trade at once',
  [OrderCancelReason.SELF_TRADE]: 'self-trade prevention: it met an own order',
  [OrderCancelReason.COMPENSATED]: 'it did not reach the book in time',
  [OrderCancelReason.OPERATOR]: 'the operator of the market ended it, or its instrument is not traded any more',
  [OrderCancelReason.EXPIRED]: 'its time was over',
  [OrderCancelReason.LIST]: 'another order of its list traded or ended',
  [OrderCancelReason.SESSION_ENDED]: 'its session ended',
  [OrderCancelReason.CORPORATE_ACTION]: 'a corporate action changed its instrument',
};

/** Wrong passwords were entered for an account. */
export function failedLogInsFact({ failedCount, firstTime, lastTime }: LogInsFailed): Fact | undefined {
  if (firstTime === undefined || lastTime === undefined) return undefined;
  return {
    type: 'log-ins-failed',
    failedCount,
    firstTimeMs: timestampMs(firstTime),
    lastTimeMs: timestampMs(lastTime),
  };
}

/** An API key was made. */
export function apiKeyFact({ apiKey }: ApiKeyCreated): Fact | undefined {
  if (apiKey === undefined) return undefined;
  const { name, prefix, allowedNetworks, expireTime } = apiKey;
  const scopes = apiKey.scopes.map((scope) => keyScopes.get(scope) ?? 'unknown');
  const expireTimeMs = expireTime && timestampMs(expireTime);
  return { type: 'api-key-made', name, prefix, scopes, allowedNetworks, expireTimeMs };
}

/** An order is in the book, or waits outside of it. */
export function openedFact({ order }: OrderOpened): Fact | undefined {
  if (order === undefined) return undefined;
  const waitsUntil = order.waiting ? waitsUntilOf(order) : '';
  return { type: 'order-opened', order: orderFact(order), waitsUntil, hasWaited: order.triggerTime !== undefined };
}

/** An order was filled, in part or whole. */
export function filledFact({ order, fill }: OrderFilled): Fact | undefined {
  if (order === undefined || fill === undefined) return undefined;
  const { quantity, price, fee } = fill;
  const isWhole = order.status === OrderStatus.FILLED;
  return { type: 'order-filled', order: orderFact(order), isWhole, quantity, price, fee };
}

/** An order ended before it was filled whole. */
export function endedFact({ order }: OrderEnded): Fact | undefined {
  if (order === undefined) return undefined;
  const outcome = order.status === OrderStatus.REJECTED ? 'rejected' : 'cancelled';
  const { refusal } = order;
  const reason = refusal ? reasonText(refusal) : (cancelTexts[order.cancelReason] ?? '');
  return { type: 'order-ended', order: orderFact(order), outcome, reason };
}

/** A price alert came true. */
export function alertFact({ name, condition, price, note }: AlertRaised): Fact | undefined {
  if (condition === undefined) return undefined;
  const direction = condition.direction === PriceDirection.AT_OR_BELOW ? 'at or below' : 'at or above';
  return { type: 'alert', name, note, price, direction, symbol: condition.symbol, threshold: condition.price };
}

/** A run of an automation ended. The run of an alert has no message of its own: the alert has one. */
export function runFact({ name, run }: RunFinished): Fact | undefined {
  if (run === undefined) return undefined;
  const common = { type: 'run', name, orderId: run.orderId } as const;
  switch (run.outcome) {
    case RunOutcome.DONE:
      if (run.slice !== undefined) return { ...common, outcome: 'done', reason: reasonText(run), worked: run.slice };
      return run.orderId === '' ? undefined : { ...common, outcome: 'done', reason: '' };
    case RunOutcome.REFUSED:
      return { ...common, outcome: 'refused', reason: reasonText(run) };
    case RunOutcome.MISSED:
      return { ...common, outcome: 'missed', reason: '' };
    default:
      return undefined;
  }
}

function orderFact(order: Order): OrderFact {
  const { symbol, quantity, filledQuantity, averageFillPrice, fees, orderId, version } = order;
  const side = order.side === Side.SELL ? 'sell' : 'buy';
  // The worst price of an order that trades at market is a protection, not what its owner asks for.
  const limitPrice = limited.has(order.type) ? order.limitPrice : '';
  return {
    side,
    symbol,
    quantity,
    limitPrice,
    stop: stopOf(order),
    filledQuantity,
    averageFillPrice,
    fees,
    orderId,
    version,
  };
}

/** Types whose owners state at which price they trade. */
const limited: ReadonlySet<OrderType> = new Set([OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.ICEBERG]);

function stopOf({ stopPrice, trailAmount, trailPercent }: Order): string {
  if (stopPrice !== '') return `stop ${stopPrice}`;
  if (trailAmount !== '') return `trailing stop ${trailAmount} from the market`;
  return trailPercent === '' ? '' : `trailing stop ${trailPercent} % from the market`;
}

/** After "it waits until". */
function waitsUntilOf({ timeInForce, stopPrice, side }: Order): string {
  if (timeInForce === TimeInForce.AT_CLOSE) return 'the closing auction begins';
  if (stopPrice === '') return 'a trade reaches its stop price, which follows the market';
  return `a trade is at ${stopPrice} or ${side === Side.SELL ? 'lower' : 'higher'}`;
}

function reasonText({ reason, metadata }: { reason: ErrorReason; metadata: Record<string, string> }): string {
  const words = reasonName(reason).toLowerCase().replaceAll('_', ' ');
  const numbers = Object.entries(metadata).filter(([name]) => !name.endsWith('_id'));
  return numbers.length === 0 ? words : `${words} (${numbers.map(([name, value]) => `${name} ${value}`).join(', ')})`;
}
