/** Replacing a live order (R8, R6, R30). */
import { CancelReason, OrderType, Reason, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import type { ReplaceCommand } from '../../engine/model/commands.ts';
import { isCollecting } from './reference-admission.ts';
import { isInBand, isMarketable } from './reference-book.ts';
import { cancelOrder, emitReplaced } from './reference-changes.ts';
import { followUp } from './reference-following.ts';
import { enterOrWait, slidPrice } from './reference-matching.ts';
import { nextPriority, type ReferenceBook, type ReferenceOrder, type ReferenceState } from './reference-state.ts';
import { isStopType, trailingStopPrice, waitAsStop } from './reference-stops.ts';

/** Changes a live order of its owner; returns the reason of a rejection, or Reason.NONE. */
export function replaceReference(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  command: ReplaceCommand,
): Reason {
  const reason = replaceRefusal(state, book, order, command);
  if (reason !== Reason.NONE) return reason;
  const isExit = order.list !== undefined && order !== order.list.entry;
  const tradedLots = order.totalLots - order.openLots;
  const totalLots = isExit ? order.totalLots : command.quantityLots;
  const openLots = totalLots - tradedLots;
  if (openLots <= 0 && !isExit) {
    cancelOrder(state, order, CancelReason.REQUESTED, command.commandId);
    return Reason.NONE;
  }
  if (order.where === 'resting') return replaceResting(state, book, order, command, { totalLots, openLots });
  replaceWaiting(state, book, order, command, { totalLots, openLots });
  return Reason.NONE;
}

type Lots = { totalLots: number; openLots: number };

function replaceRefusal(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  command: ReplaceCommand,
): Reason {
  if (command.expectedRevision !== order.revision) return Reason.ORDER_REVISION_STALE;
  if (book.state === TradingState.HALTED) return Reason.INSTRUMENT_HALTED;
  if (book.state !== TradingState.CONTINUOUS && !isCollecting(book)) return Reason.INSTRUMENT_NOT_TRADING;
  const waitingStop = isStopType(order) && order.where !== 'resting';
  const hasStopPrice = waitingStop && order.type !== OrderType.TRAILING_STOP;
  if (command.stopPriceTicks !== 0 && !hasStopPrice) return Reason.INVALID_FIELD;
  const trails = waitingStop && order.type === OrderType.TRAILING_STOP;
  if ((command.trailTicks !== 0 || command.trailBps !== 0) && !trails) return Reason.INVALID_FIELD;
  if (command.expireTimeMs !== 0 && order.timeInForce !== TimeInForce.GTD) return Reason.INVALID_FIELD;
  if (command.expireTimeMs !== 0 && command.expireTimeMs <= state.nowMs) return Reason.EXPIRE_TIME_PAST;
  return waitingStop || isInBand(book, command.priceTicks) ? Reason.NONE : Reason.PRICE_OUT_OF_BAND;
}

function replaceWaiting(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  command: ReplaceCommand,
  lots: Lots,
): void {
  const { trailTicks, trailBps, expireTimeMs } = command;
  const trail = trailTicks + trailBps > 0 ? { trailTicks, trailBps } : {};
  // One that has not arrived follows no price yet.
  const moves = trailTicks + trailBps > 0 && order.where === 'stop';
  const stopBefore = order.stopPriceTicks;
  const stopPriceTicks = moves ? trailingStopPrice({ ...order, ...trail }) : command.stopPriceTicks || stopBefore;
  const samePrice =
    order.where === 'stop' ? stopPriceTicks === order.stopPriceTicks : command.priceTicks === order.priceTicks;
  const priorityKept = order.where === 'pending' || (samePrice && lots.openLots <= order.openLots);
  order.priceTicks = command.priceTicks;
  order.stopPriceTicks = stopPriceTicks;
  order.expireTimeMs = expireTimeMs || order.expireTimeMs;
  Object.assign(order, lots, trail);
  emitReplaced(state, order, command.commandId, priorityKept);
  if (priorityKept) return;
  if (order.where === 'atClose') {
    order.priority = nextPriority(state);
    return;
  }
  waitAsStop(state, book, order);
  followUp(state, book);
}

function replaceResting(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  command: ReplaceCommand,
  lots: Lots,
): Reason {
  const { commandId } = command;
  const priorityKept = command.priceTicks === order.priceTicks && lots.openLots <= order.openLots;
  let { priceTicks } = command;
  if (!priorityKept && order.postOnly && book.state === TradingState.CONTINUOUS) {
    if (order.slide) priceTicks = slidPrice(book, order.side, priceTicks);
    if (priceTicks === 0 || isMarketable(book, order.side, priceTicks)) return Reason.POST_ONLY_WOULD_TRADE;
  }
  order.priceTicks = priceTicks;
  order.expireTimeMs = command.expireTimeMs || order.expireTimeMs;
  Object.assign(order, lots);
  order.sliceLots = Math.min(order.sliceLots, order.openLots);
  emitReplaced(state, order, commandId, priorityKept);
  if (priorityKept) return Reason.NONE;
  enterOrWait(state, book, order);
  followUp(state, book);
  return Reason.NONE;
}
