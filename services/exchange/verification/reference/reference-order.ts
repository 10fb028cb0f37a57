/** Creation of orders in the reference engine. */
import { plainTerms, type SubmitCommand, type VoidCommand } from '../../engine/model/commands.ts';
import type { AcceptedOrder } from '../../engine/model/events.ts';
import { accept, bookOf, nextSequence, type ReferenceOrder, type ReferenceState } from './reference-state.ts';

/** An order as it was submitted. */
export function termsOf(command: SubmitCommand): AcceptedOrder {
  const { orderId, accountId, side, type, timeInForce, priceTicks, quantityLots, postOnly, slide } = command;
  const { selfTrade, stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots } = command;
  const { expireTimeMs, sessionId, withinBand, valueMax } = command;
  const basics = { orderId, accountId, side, type, timeInForce, priceTicks, quantityLots, postOnly, slide };
  const selfTradeGroup = command.selfTradeGroup || accountId;
  const richer = { stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots, expireTimeMs, sessionId };
  return { ...basics, selfTradeGroup, selfTrade, ...richer, withinBand, valueMax };
}

/** The body of an order as text that is equal for equal bodies. */
export function bodyOf(command: SubmitCommand): string {
  return command.symbol + JSON.stringify(termsOf(command));
}

/** Creates an order; with an empty `body` no submit is its repetition. */
export function createOrder(state: ReferenceState, command: SubmitCommand, body: string): ReferenceOrder {
  const { orderId, idTimeMs, accountId, symbol, side, type, timeInForce, postOnly, slide, selfTrade } = command;
  const { priceTicks, quantityLots, stopPriceTicks, trailTicks, trailBps, displayLots } = command;
  const { expireTimeMs, sessionId, withinBand, valueMax } = command;
  const order: ReferenceOrder = {
    ...{ orderId, accountId, symbol, side, type, timeInForce, postOnly, slide, selfTrade, expireTimeMs, sessionId },
    ...{ idTimeMs, priceTicks, stopPriceTicks, trailTicks, trailBps, displayLots, body, withinBand, valueMax },
    isBookless: bookOf(state, symbol) === undefined,
    group: command.selfTradeGroup || accountId,
    totalLots: quantityLots,
    openLots: quantityLots,
    sliceLots: 0,
    followedPrice: 0,
    electedPrice: 0,
    tradedLots: 0,
    tradedValue: 0n,
    revision: 1,
    priority: 0,
    acceptance: 0,
    where: 'arriving',
    status: 'live',
    list: undefined,
    finalTimeMs: 0,
    finalSequence: 0,
    outcome: accept(),
    voided: undefined,
  };
  state.orders.set(orderId, order);
  if (idTimeMs > state.nowMs) state.fromFuture.push(order);
  return order;
}

/** Creates an order that was voided before it was submitted; its event is the next one. */
export function voidedOrder(state: ReferenceState, command: VoidCommand): ReferenceOrder {
  const nothing = { side: 1, timeInForce: 1, priceTicks: 0, quantityLots: 0, postOnly: false } as const;
  const terms = { ...plainTerms, ...command, ...nothing, kind: 'submit', selfTradeGroup: '', selfTrade: 1 } as const;
  const order = createOrder(state, terms, '');
  order.status = 'voided';
  order.revision = 0;
  order.finalTimeMs = state.nowMs;
  order.finalSequence = nextSequence(state);
  return order;
}
