import { tradedValue } from '../matching/answer.ts';
import type { NewOrder } from '../matching/new-order.ts';
import { none, OrderStatus, Reason } from '../model/codes.ts';
import type { Outcome, SubmitCommand } from '../model/commands.ts';
import { EventKind } from '../model/event-buffer.ts';
import { Hasher } from '../model/hasher.ts';
import { parseUuid } from '../model/uuid.ts';
import { applyEvents } from '../state/apply-events.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { journalsRefusals, refuseId } from '../state/find-order.ts';

const hasher = new Hasher();

/** Submits an order, or repeats the outcome that its id has already. */
export function submit(state: EngineState, command: SubmitCommand): Outcome {
  const bookNumber = state.bookOf.get(command.symbol) ?? none;
  if (bookNumber === none && !journalsRefusals(state)) return ineffective(Reason.SYMBOL_UNKNOWN);
  parseUuid(command.orderId, state.uuid);
  const known = state.records.index.find(state.uuid);
  if (known !== none) return repeat(state, known, bookNumber, command);
  const refusal = refuseId(state, command.idTimeMs);
  if (refusal !== Reason.NONE || bookNumber === none) return refuse(state, bookNumber, command, refusal);

  const newOrder = admit(state, bookNumber, command, state.newOrder);
  const { matching, records } = state;
  const firstEvent = state.events.count;
  const reason = matching.submit(newOrder);
  applyEvents(state);
  const result = outcome(state.sequence, reason, matching.state.detailA, matching.state.detailB);
  result.tradedLots = matching.state.tradedLots;
  result.tradedValue = tradedValue(matching.state, firstEvent, [newOrder.key]);
  result.timeMs = state.nowMs;
  result.restingLots = matching.state.restingLots;
  if (reason === Reason.NONE) result.revision = records.revision[newOrder.key]!;
  records.setAnswer(newOrder.key, result);
  return result;
}

/** Refuses a new order that does not get to its book. */
function refuse(state: EngineState, bookNumber: number, command: SubmitCommand, refusal: Reason): Outcome {
  // An expired id may have had its outcome: it must not get another one on the feed.
  if (!journalsRefusals(state) || refusal === Reason.ORDER_ID_EXPIRED) return ineffective(refusal);
  if (refusal === Reason.BOOK_FULL) return closeIds(state, bookNumber, [command]);
  const reason = refusal === Reason.NONE ? Reason.SYMBOL_UNKNOWN : refusal;
  const { key } = admit(state, bookNumber, command, state.newOrder);
  rejectAdmitted(state, bookNumber, [key], reason);
  const result = outcome(state.sequence, reason);
  result.timeMs = state.nowMs;
  state.records.setAnswer(key, result);
  return result;
}

/** Emits that orders with records are rejected before they got to matching. */
export function rejectAdmitted(state: EngineState, bookNumber: number, keys: readonly number[], reason: Reason): void {
  const { command } = state.matching.state;
  for (const key of keys) state.events.push(EventKind.REJECTED, bookNumber, command, key, reason);
  applyEvents(state);
}

/**
 * Refuses orders as the memory is full, and with them each unknown id of their time or before: so they are refused ever after without being
 * remembered. Ids that are closed already are refused without a trace.
 */
export function closeIds(state: EngineState, bookNumber: number, orders: readonly SubmitCommand[]): Outcome {
  const { command } = state.matching.state;
  const closedBefore = state.closedIdTimeMs;
  for (const [place, { idTimeMs }] of orders.entries()) {
    if (idTimeMs <= closedBefore) continue;
    state.closedIdTimeMs = Math.max(state.closedIdTimeMs, idTimeMs);
    state.events.push(EventKind.REJECTED, bookNumber, command, none, Reason.BOOK_FULL, 0, place);
  }
  if (state.closedIdTimeMs === closedBefore) return ineffective(Reason.BOOK_FULL);
  // They change no record.
  state.appliedEvents = state.events.count;
  return { ...outcome(state.sequence, Reason.BOOK_FULL), timeMs: state.nowMs };
}

/** Creates the record of an order whose UUID is in `state.uuid`, and fills in its terms for matching. */
export function admit(state: EngineState, bookNumber: number, command: SubmitCommand, newOrder: NewOrder): NewOrder {
  const { records, names } = state;
  const key = records.allocate(state.uuid);
  readTerms(command, newOrder);
  newOrder.key = key;
  newOrder.book = bookNumber;
  newOrder.account = names.acquire(command.accountId);
  const { selfTradeGroup } = command;
  newOrder.group = selfTradeGroup === '' ? names.retain(newOrder.account) : names.acquire(selfTradeGroup);
  records.status[key] = OrderStatus.LIVE;
  records.side[key] = command.side;
  records.book[key] = bookNumber;
  records.account[key] = newOrder.account;
  records.group[key] = newOrder.group;
  hashBody(state, command, bookNumber, newOrder.account, newOrder.group);
  records.bodyLow[key] = hasher.low();
  records.bodyHigh[key] = hasher.high();
  return newOrder;
}

/** Fills in all terms of an order but its key, book, account and group. */
export function readTerms(command: SubmitCommand, newOrder: NewOrder): void {
  newOrder.side = command.side;
  newOrder.type = command.type;
  newOrder.timeInForce = command.timeInForce;
  newOrder.selfTrade = command.selfTrade;
  newOrder.price = command.priceTicks;
  newOrder.quantity = command.quantityLots;
  newOrder.postOnly = command.postOnly;
  newOrder.slide = command.slide;
  newOrder.stopPrice = command.stopPriceTicks;
  newOrder.trailTicks = command.trailTicks;
  newOrder.trailBps = command.trailBps;
  newOrder.display = command.displayLots;
  newOrder.minimum = command.minimumLots;
  newOrder.expireTimeMs = command.expireTimeMs;
  newOrder.session = command.sessionId;
  newOrder.withinBand = command.withinBand;
  newOrder.valueMax = command.valueMax;
}

/** The outcome of an order's first submit. */
export function answerOf({ records }: EngineState, key: number): Outcome {
  const [reason, detailA, detailB, tradedLots, restingLots, revision] = records.answers.subarray(key * 6, key * 6 + 6);
  const result = outcome(records.answerSequence[key]!, reason as Reason, detailA, detailB);
  const lots = { tradedLots: tradedLots!, tradedValue: records.answerValue[key]!, restingLots: restingLots! };
  return { ...result, effective: false, ...lots, revision: revision!, timeMs: records.answerTimeMs[key]! };
}

function repeat(state: EngineState, key: number, bookNumber: number, command: SubmitCommand): Outcome {
  const { records, names } = state;
  const account = names.find(command.accountId);
  const isBookless = records.book[key] === none;
  const sameOwner = records.account[key] === account && (isBookless || records.book[key] === bookNumber);
  if (records.status[key] === OrderStatus.VOIDED && sameOwner) {
    const final = { feedSequence: records.finalSequence[key]!, timeMs: records.finalTimeMs[key]! };
    return { ...ineffective(Reason.ORDER_VOIDED), ...final };
  }
  const group = names.find(command.selfTradeGroup || command.accountId);
  if (!sameOwner || group === none) return ineffective(Reason.ORDER_ID_REUSED);
  hashBody(state, command, records.book[key]!, account, group);
  const same = records.bodyLow[key] === hasher.low() && records.bodyHigh[key] === hasher.high();
  return same ? answerOf(state, key) : ineffective(Reason.ORDER_ID_REUSED);
}

function hashBody({ names }: EngineState, command: SubmitCommand, book: number, account: number, group: number): void {
  hasher.reset().word(names.hashLow[account]!).word(names.hashHigh[account]!);
  hasher.word(names.hashLow[group]!).word(names.hashHigh[group]!).word(book);
  if (book === none) hasher.text(command.symbol);
  const { side, timeInForce, selfTrade, type } = command;
  const flags = (command.postOnly ? 1 : 0) | (command.slide ? 2 : 0) | (command.withinBand ? 4 : 0);
  hasher.word(side | (timeInForce << 4) | (selfTrade << 8) | (type << 12) | (flags << 16));
  hasher.word(command.priceTicks).word(command.quantityLots);
  const { stopPriceTicks, trailTicks, trailBps, displayLots, minimumLots, expireTimeMs, sessionId, valueMax } = command;
  if (
    (stopPriceTicks | trailTicks | trailBps | displayLots | minimumLots) === 0 &&
    expireTimeMs === 0 &&
    sessionId === '' &&
    valueMax === 0
  ) {
    return;
  }
  hasher.word(stopPriceTicks).word(trailTicks).word(trailBps).word(displayLots).word(minimumLots);
  hasher.long(expireTimeMs).text(sessionId);
  if (valueMax !== 0) hasher.long(valueMax);
}
