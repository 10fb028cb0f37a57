/** The rules of single orders: submit, replace, void, and whom an arriving order trades with. */
import { CancelReason, Reason, SelfTrade, TimeInForce, TradingState } from '../codes.ts';
import type { ReplaceCommand, SubmitCommand, VoidCommand } from '../commands.ts';
import type { ReferenceBook } from './reference-book.ts';
import type { ReferenceOrder } from './reference-order.ts';
import { cancelReference } from './reference-order.ts';
import type { ReferenceOutcome, ReferenceState } from './reference-state.ts';
import { refuse } from './reference-state.ts';

const dayMs = 86_400_000;
const skewMs = 600_000;

/** Brings an order to its book. */
export function submitReference(state: ReferenceState, book: ReferenceBook, command: SubmitCommand): ReferenceOutcome {
  const known = state.orders.get(command.orderId);
  const submitted = JSON.stringify({ ...command, selfTradeGroup: command.selfTradeGroup || command.accountId });
  if (known) {
    const sameOwner = known.accountId === command.accountId && known.symbol === command.symbol;
    if (known.status === 'voided' && sameOwner) return refuse(Reason.ORDER_VOIDED);
    if (known.submitted !== submitted) return refuse(Reason.ORDER_ID_REUSED);
    return { accepted: known.reason === 0, reason: known.reason as Reason };
  }
  if (command.idTimeMs < state.nowMs - dayMs) return refuse(Reason.ORDER_ID_EXPIRED);
  if (command.idTimeMs > state.nowMs + skewMs) return refuse(Reason.INVALID_FIELD);
  const order = newOrder(command, submitted);
  const { symbol, orderId, accountId, side, timeInForce, postOnly, selfTrade, priceTicks, quantityLots } = order;
  state.orders.set(orderId, order);
  const reason = refusal(book, order);
  if (reason !== Reason.NONE) {
    order.status = 'rejected';
    order.finalTimeMs = state.nowMs;
    order.reason = reason;
    const [detailA, detailB] = details(book, reason);
    state.events.push({ kind: 'rejected', symbol, orderId, accountId, reason, detailA, detailB });
    return refuse(reason);
  }
  const body = { side, timeInForce, priceTicks, quantityLots, postOnly, selfTrade };
  const { selfTradeGroup } = order;
  state.events.push({ kind: 'accepted', symbol, order: { orderId, accountId, ...body, selfTradeGroup } });
  enter(state, book, order);
  return { accepted: true, reason: Reason.NONE };
}

/** Changes a live order of its owner; returns why not, or NONE. */
export function replaceReference(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  command: ReplaceCommand,
): Reason {
  if (command.expectedRevision !== order.revision) return Reason.ORDER_REVISION_STALE;
  if (book.state === TradingState.HALTED) return Reason.INSTRUMENT_HALTED;
  if (book.state !== TradingState.CONTINUOUS) return Reason.INSTRUMENT_NOT_TRADING;
  if (!book.inBand(command.priceTicks)) return Reason.PRICE_OUT_OF_BAND;
  const open = command.quantityLots - (order.quantityLots - order.remainingLots);
  if (open <= 0) {
    cancelReference(state, order, CancelReason.REQUESTED, command.commandId);
    return Reason.NONE;
  }
  const priorityKept = command.priceTicks === order.priceTicks && open <= order.remainingLots;
  if (!priorityKept && order.postOnly && book.makersFor(order.side, command.priceTicks).length > 0) {
    return Reason.POST_ONLY_WOULD_TRADE;
  }
  order.priceTicks = command.priceTicks;
  order.quantityLots = command.quantityLots;
  order.remainingLots = open;
  order.revision++;
  tellReplaced(state, order, command.commandId, priorityKept);
  if (priorityKept) return Reason.NONE;
  book.remove(order);
  enter(state, book, order);
  return Reason.NONE;
}

/** Makes sure that an order is dead. */
export function voidReference(state: ReferenceState, book: ReferenceBook, command: VoidCommand): ReferenceOutcome {
  const { orderId, accountId, symbol, idTimeMs } = command;
  const known = state.orders.get(orderId);
  if (known) {
    if (known.accountId !== accountId || known.symbol !== book.listing.symbol) return refuse(Reason.ORDER_NOT_FOUND);
    if (known.status === 'filled') return refuse(Reason.ORDER_ALREADY_FINAL);
    if (known.status === 'live') cancelReference(state, known, CancelReason.VOIDED, '');
    return { accepted: true, reason: Reason.NONE };
  }
  if (idTimeMs < state.nowMs - dayMs) return refuse(Reason.ORDER_ID_EXPIRED);
  if (idTimeMs > state.nowMs + skewMs) return refuse(Reason.INVALID_FIELD);
  const body = {
    orderId,
    accountId,
    symbol,
    side: 1,
    timeInForce: 1,
    priceTicks: 0,
    quantityLots: 0,
    idTimeMs,
  } as const;
  const order = newOrder({ ...body, kind: 'submit', postOnly: false, selfTradeGroup: '', selfTrade: 1 }, '');
  cancelReference(state, order, CancelReason.VOIDED, '');
  state.orders.set(orderId, { ...order, status: 'voided' });
  return { accepted: true, reason: Reason.NONE };
}

function refusal(book: ReferenceBook, order: ReferenceOrder): Reason {
  if (book.state === TradingState.HALTED) return Reason.INSTRUMENT_HALTED;
  if (book.state !== TradingState.CONTINUOUS) return Reason.INSTRUMENT_NOT_TRADING;
  if (!book.inBand(order.priceTicks)) return Reason.PRICE_OUT_OF_BAND;
  const makers = book.makersFor(order.side, order.priceTicks);
  if (order.postOnly && makers.length > 0) return Reason.POST_ONLY_WOULD_TRADE;
  if (order.timeInForce !== TimeInForce.FOK) return Reason.NONE;
  const firstOwn = makers.findIndex(({ selfTradeGroup }) => selfTradeGroup === order.selfTradeGroup);
  const passesOwn = order.selfTrade === SelfTrade.CANCEL_OLDEST || firstOwn < 0;
  const usable = (passesOwn ? makers : makers.slice(0, firstOwn)).filter(
    ({ selfTradeGroup }) => selfTradeGroup !== order.selfTradeGroup,
  );
  const lots = usable.reduce((sum, { remainingLots }) => sum + remainingLots, 0);
  return lots >= order.quantityLots ? Reason.NONE : Reason.FILL_OR_KILL_UNFILLED;
}

function enter(state: ReferenceState, book: ReferenceBook, taker: ReferenceOrder): void {
  for (const maker of book.makersFor(taker.side, taker.priceTicks)) {
    if (taker.status !== 'live') return;
    if (maker.selfTradeGroup === taker.selfTradeGroup) meetOwn(state, maker, taker);
    else trade(state, book, maker, taker);
  }
  if (taker.status !== 'live') return;
  if (taker.timeInForce === TimeInForce.GTC) book.add(taker);
  else cancelReference(state, taker, CancelReason.IMMEDIATE, '');
}

function trade(state: ReferenceState, book: ReferenceBook, maker: ReferenceOrder, taker: ReferenceOrder): void {
  const quantityLots = Math.min(maker.remainingLots, taker.remainingLots);
  const priceTicks = maker.priceTicks;
  book.lastPrice = priceTicks;
  for (const order of [maker, taker]) {
    order.remainingLots -= quantityLots;
    if (order.remainingLots > 0) continue;
    order.status = 'filled';
    order.finalTimeMs = state.nowMs;
    book.remove(order);
  }
  const sides = [maker, taker].map(({ orderId, accountId, side, remainingLots }) => ({
    ...{ orderId, accountId, side, remainingLots },
  }));
  const [makerSide, takerSide] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const { symbol } = taker;
  state.events.push({ kind: 'traded', symbol, priceTicks, quantityLots, maker: makerSide, taker: takerSide });
}

function meetOwn(state: ReferenceState, maker: ReferenceOrder, taker: ReferenceOrder): void {
  const cancel = (order: ReferenceOrder) => cancelReference(state, order, CancelReason.SELF_TRADE, '');
  const mode = taker.selfTrade;
  if (mode === SelfTrade.CANCEL_OLDEST || mode === SelfTrade.CANCEL_BOTH) cancel(maker);
  if (mode === SelfTrade.CANCEL_NEWEST || mode === SelfTrade.CANCEL_BOTH) cancel(taker);
  if (mode !== SelfTrade.DECREMENT) return;
  const lots = Math.min(maker.remainingLots, taker.remainingLots);
  for (const order of [maker, taker]) {
    if (order.remainingLots === lots) {
      cancel(order);
      continue;
    }
    order.remainingLots -= lots;
    order.quantityLots -= lots;
    order.revision++;
    tellReplaced(state, order, '', true);
  }
}

function tellReplaced(state: ReferenceState, order: ReferenceOrder, commandId: string, priorityKept: boolean): void {
  const { symbol, orderId, accountId, priceTicks, quantityLots, remainingLots, revision } = order;
  const terms = { priceTicks, quantityLots, remainingLots, revision };
  state.events.push({ kind: 'replaced', symbol, orderId, accountId, ...terms, commandId, priorityKept });
}

function newOrder(command: SubmitCommand, submitted: string): ReferenceOrder {
  const { orderId, accountId, symbol, side, timeInForce, priceTicks, quantityLots, postOnly, selfTrade } = command;
  const selfTradeGroup = command.selfTradeGroup || accountId;
  const terms = { side, timeInForce, priceTicks, quantityLots, remainingLots: quantityLots, postOnly, selfTrade };
  const life = { revision: 1, status: 'live', finalTimeMs: 0, submitted, reason: 0 } as const;
  return { orderId, accountId, symbol, ...terms, selfTradeGroup, ...life };
}

function details(book: ReferenceBook, reason: Reason): [number, number] {
  if (reason === Reason.INSTRUMENT_NOT_TRADING) return [book.state, 0];
  if (reason !== Reason.PRICE_OUT_OF_BAND) return [0, 0];
  const reference = book.lastPrice || book.listing.referencePriceTicks;
  const width = reference * book.listing.bandBps;
  const low = Math.max(1, Math.ceil((reference * 10_000 - width) / 10_000));
  return [low, Math.min(2 ** 31 - 1, Math.floor((reference * 10_000 + width) / 10_000))];
}
