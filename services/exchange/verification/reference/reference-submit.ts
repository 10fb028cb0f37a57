/** Submit, SubmitList and Void (R10, R13, R14, R27). */
import { CancelReason, ListType, OrderStatus, Reason } from '../../engine/model/codes.ts';
import type { SubmitCommand, SubmitListCommand, VoidCommand } from '../../engine/model/commands.ts';
import type { ListMembership } from '../../engine/model/events.ts';
import { detailsOf, refusal } from './reference-admission.ts';
import { cancelOrder } from './reference-changes.ts';
import { followUp } from './reference-following.ts';
import { arrive } from './reference-matching.ts';
import { idRefusal, knownOrder, knowsAsMany } from './reference-memory.ts';
import { bodyOf, createOrder, termsOf, voidedOrder } from './reference-order.ts';
import {
  accept,
  ignore,
  lotsOf,
  nextPriority,
  nextSequence,
  type ReferenceBook,
  type ReferenceList,
  type ReferenceOrder,
  type ReferenceOutcome,
  type ReferenceState,
  reject,
} from './reference-state.ts';

/** Submits an order, or repeats its outcome. */
export function submitReference(
  state: ReferenceState,
  book: ReferenceBook | undefined,
  command: SubmitCommand,
): ReferenceOutcome {
  const known = knownOrder(state, command.orderId);
  if (known) {
    if (isVoided(known, command)) {
      return ignore(Reason.ORDER_VOIDED, { feedSequence: known.finalSequence, timeMs: known.finalTimeMs });
    }
    const same = known.body === bodyOf(command);
    return same ? { ...known.outcome, effective: false } : ignore(Reason.ORDER_ID_REUSED);
  }
  const byId = idRefusal(state, command.idTimeMs);
  if (byId === Reason.ORDER_ID_EXPIRED || (byId !== Reason.NONE && state.ruleVersion < 4)) return ignore(byId);
  if (byId === Reason.BOOK_FULL) return closeReference(state, [command]);
  const order = createOrder(state, command, bodyOf(command));
  const early = byId !== Reason.NONE ? byId : book ? Reason.NONE : Reason.SYMBOL_UNKNOWN;
  const reason = early === Reason.NONE && book ? refusal(state, book, order, command, false) : early;
  if (!book || reason !== Reason.NONE) {
    order.outcome = refuse(state, book, [order], reason);
    return order.outcome;
  }
  admit(state, book, order);
  state.events.push({ kind: 'accepted', symbol: command.symbol, order: termsOf(command) });
  arrive(state, book, order);
  followUp(state, book);
  order.outcome = accept({ ...lotsOf([order]), revision: order.revision });
  return order.outcome;
}

// The memory is full: ids up to those of these orders are refused ever after.
function closeReference(state: ReferenceState, orders: readonly SubmitCommand[]): ReferenceOutcome {
  const open = orders.filter(({ idTimeMs }) => idTimeMs > state.closedIdTimeMs);
  if (open.length === 0) return ignore(Reason.BOOK_FULL);
  state.closedIdTimeMs = Math.max(...open.map(({ idTimeMs }) => idTimeMs));
  const reason = Reason.BOOK_FULL;
  for (const { symbol, orderId, accountId } of open) {
    state.events.push({ kind: 'rejected', symbol, orderId, accountId, reason, detailA: 0, detailB: 0 });
  }
  return reject(reason);
}

/** The reason that refuses a list because of its orders' ids, or Reason.NONE. */
function listIdRefusal(state: ReferenceState, command: SubmitListCommand): Reason {
  const reasons = command.orders.map((terms) => {
    const known = knownOrder(state, terms.orderId);
    if (known) return isVoided(known, terms) ? Reason.ORDER_VOIDED : Reason.ORDER_ID_REUSED;
    return idRefusal(state, terms.idTimeMs);
  });
  if (state.ruleVersion < 4) return reasons.find((each) => each !== Reason.NONE) ?? Reason.NONE;
  const { ORDER_VOIDED, ORDER_ID_REUSED, ORDER_ID_EXPIRED, INVALID_FIELD, BOOK_FULL } = Reason;
  const first = [ORDER_VOIDED, ORDER_ID_REUSED, ORDER_ID_EXPIRED, INVALID_FIELD, BOOK_FULL];
  return first.find((each) => reasons.includes(each)) ?? Reason.NONE;
}

/** Submits the orders of a list, all or none. */
export function submitListReference(
  state: ReferenceState,
  book: ReferenceBook | undefined,
  command: SubmitListCommand,
): ReferenceOutcome {
  const { listId, type, orders: submitted } = command;
  const byIds = listIdRefusal(state, command);
  const isOutcome = state.ruleVersion >= 4 && (byIds === Reason.INVALID_FIELD || byIds === Reason.BOOK_FULL);
  if (byIds !== Reason.NONE && !isOutcome) return ignore(byIds);
  if (byIds === Reason.BOOK_FULL) return closeReference(state, submitted);
  // An order of a list is never the repetition of an order without one.
  const orders = submitted.map((terms) => createOrder(state, terms, ''));
  if (byIds !== Reason.NONE) return refuse(state, book, orders, byIds);
  if (!book) return refuse(state, book, orders, Reason.SYMBOL_UNKNOWN);
  const { symbol } = book.listing;
  const hasEntry = type !== ListType.OCO;
  const reasons = orders.map((order, i) =>
    refusal(state, book, order, submitted[i] as SubmitCommand, hasEntry && i > 0),
  );
  const reason = reasons.find((each) => each !== Reason.NONE) ?? Reason.NONE;
  if (reason !== Reason.NONE) return refuse(state, book, orders, reason);
  const entry = hasEntry ? orders[0] : undefined;
  const exits = hasEntry ? orders.slice(1) : orders;
  const list: ReferenceList = { listId, type, entry, exits, pendingLots: 0 };
  for (const [place, order] of orders.entries()) {
    admit(state, book, order);
    order.list = list;
    if (entry && order !== entry) {
      order.where = 'pending';
      order.totalLots = 0;
      order.openLots = 0;
    }
    const membership: ListMembership = { listId, type, place };
    state.events.push({
      kind: 'accepted',
      symbol,
      order: termsOf(submitted[place] as SubmitCommand),
      list: membership,
    });
  }
  for (const order of orders) {
    if (order.status !== 'live') continue;
    if (order.where === 'pending') order.priority = nextPriority(state);
    else arrive(state, book, order);
  }
  followUp(state, book);
  return accept(lotsOf(orders));
}

/** Ensures that an order is dead. */
export function voidReference(state: ReferenceState, command: VoidCommand): ReferenceOutcome {
  const { orderId, accountId, symbol, idTimeMs } = command;
  const known = knownOrder(state, orderId);
  if (known) {
    if (!isOwned(known, command)) return ignore(Reason.ORDER_NOT_FOUND);
    const { revision, finalSequence: feedSequence, finalTimeMs: timeMs } = known;
    if (known.status === 'filled') {
      return ignore(Reason.ORDER_ALREADY_FINAL, { detailA: OrderStatus.FILLED, feedSequence, revision, timeMs });
    }
    if (known.voided) return { ...known.voided, effective: false };
    if (known.status !== 'live') return ignore(Reason.NONE, { feedSequence, revision, timeMs });
    cancelOrder(state, known, CancelReason.VOIDED);
    known.voided = accept({ revision });
    return known.voided;
  }
  const byId = idRefusal(state, idTimeMs);
  const dead = { feedSequence: state.sequence };
  if (byId === Reason.ORDER_ID_EXPIRED) return ignore(byId, dead);
  if (state.ruleVersion < 4 && byId !== Reason.NONE) return ignore(byId);
  if (state.ruleVersion >= 4 && idTimeMs <= state.closedIdTimeMs) return ignore(Reason.NONE, dead);
  const isMarked = state.ruleVersion < 4 || !knowsAsMany(state, state.limits.markedMax);
  if (!isMarked && byId === Reason.INVALID_FIELD) return ignore(Reason.BOOK_FULL);
  const reason = CancelReason.VOIDED;
  const voided = accept();
  if (isMarked) voidedOrder(state, command).voided = voided;
  else state.closedIdTimeMs = idTimeMs;
  state.events.push({ kind: 'cancelled', symbol, orderId, accountId, reason, remainingLots: 0, commandId: '' });
  return voided;
}

/** Whether an order is its account's, in the book of the symbol; one without a book is in each. */
export function isOwned(known: ReferenceOrder, { accountId, symbol }: { accountId: string; symbol: string }): boolean {
  return known.accountId === accountId && (known.isBookless || known.symbol === symbol);
}

function isVoided(known: ReferenceOrder, command: SubmitCommand): boolean {
  return known.status === 'voided' && isOwned(known, command);
}

function admit(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  order.acceptance = state.acceptanceNext++;
  book.orders.push(order);
}

function refuse(
  state: ReferenceState,
  book: ReferenceBook | undefined,
  orders: ReferenceOrder[],
  reason: Reason,
): ReferenceOutcome {
  const details = book ? detailsOf(book, reason) : { detailA: 0, detailB: 0 };
  for (const order of orders) {
    order.status = 'rejected';
    order.finalTimeMs = state.nowMs;
    order.finalSequence = nextSequence(state);
    const { orderId, accountId, symbol } = order;
    state.events.push({ kind: 'rejected', symbol, orderId, accountId, reason, ...details });
  }
  return reject(reason, details);
}
