/** Submit, SubmitList and Void (R10, R13, R14, R27). */
import { CancelReason, ListType, OrderStatus, Reason } from '../../engine/model/codes.ts';
import type { SubmitCommand, SubmitListCommand, VoidCommand } from '../../engine/model/commands.ts';
import type { ListMembership } from '../../engine/model/events.ts';
import { detailsOf, refusal } from './reference-admission.ts';
import { cancelOrder } from './reference-changes.ts';
import { followUp } from './reference-following.ts';
import { arrive } from './reference-matching.ts';
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

const dayMs = 86_400_000;
const clockSkewMs = 600_000;

/** Retention time of final orders and answered commands, in journalled time. */
export const memoryMs: number = dayMs + clockSkewMs;

/** An order that is still known: live, or final for less than the retention time. */
export function knownOrder(state: ReferenceState, orderId: string): ReferenceOrder | undefined {
  const order = state.orders.get(orderId);
  if (!order || order.status === 'live') return order;
  return order.finalTimeMs < state.forgottenBeforeMs ? undefined : order;
}

/** Submits an order, or repeats its outcome. */
export function submitReference(state: ReferenceState, book: ReferenceBook, command: SubmitCommand): ReferenceOutcome {
  const known = knownOrder(state, command.orderId);
  if (known) {
    if (isVoided(known, command)) {
      return ignore(Reason.ORDER_VOIDED, { feedSequence: known.finalSequence, timeMs: known.finalTimeMs });
    }
    const same = known.body === bodyOf(command);
    return same ? { ...known.outcome, effective: false } : ignore(Reason.ORDER_ID_REUSED);
  }
  const byId = idRefusal(state, command.idTimeMs);
  if (byId !== Reason.NONE) return ignore(byId);
  const order = createOrder(state, command, bodyOf(command));
  const reason = refusal(state, book, order, command, false);
  if (reason !== Reason.NONE) {
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

/** The reason to refuse the ids of a list's orders without an event, or Reason.NONE. */
export function listIdRefusal(state: ReferenceState, command: SubmitListCommand): Reason {
  for (const terms of command.orders) {
    const known = knownOrder(state, terms.orderId);
    if (known) return isVoided(known, terms) ? Reason.ORDER_VOIDED : Reason.ORDER_ID_REUSED;
    const byId = idRefusal(state, terms.idTimeMs);
    if (byId !== Reason.NONE) return byId;
  }
  return Reason.NONE;
}

/** Submits the orders of a list, all or none. */
export function submitListReference(
  state: ReferenceState,
  book: ReferenceBook,
  { listId, type, orders: submitted }: SubmitListCommand,
): ReferenceOutcome {
  const { symbol } = book.listing;
  // An order of a list is never the repetition of an order without one.
  const orders = submitted.map((terms) => createOrder(state, terms, ''));
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
    if (known.accountId !== accountId || known.symbol !== symbol) return ignore(Reason.ORDER_NOT_FOUND);
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
  if (byId !== Reason.NONE) return ignore(byId);
  const order = voidedOrder(state, command);
  const reason = CancelReason.VOIDED;
  state.events.push({ kind: 'cancelled', symbol, orderId, accountId, reason, remainingLots: 0, commandId: '' });
  order.voided = accept();
  return order.voided;
}

function isVoided(known: ReferenceOrder, { accountId, symbol }: SubmitCommand): boolean {
  return known.status === 'voided' && known.accountId === accountId && known.symbol === symbol;
}

function idRefusal({ nowMs }: ReferenceState, idTimeMs: number): Reason {
  if (idTimeMs < nowMs - dayMs) return Reason.ORDER_ID_EXPIRED;
  return idTimeMs > nowMs + clockSkewMs ? Reason.INVALID_FIELD : Reason.NONE;
}

function admit(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  order.acceptance = state.acceptanceNext++;
  book.orders.push(order);
}

function refuse(
  state: ReferenceState,
  book: ReferenceBook,
  orders: ReferenceOrder[],
  reason: Reason,
): ReferenceOutcome {
  const { symbol } = book.listing;
  const details = detailsOf(book, reason);
  for (const order of orders) {
    order.status = 'rejected';
    order.finalTimeMs = state.nowMs;
    order.finalSequence = nextSequence(state);
    const { orderId, accountId } = order;
    state.events.push({ kind: 'rejected', symbol, orderId, accountId, reason, ...details });
  }
  return reject(reason, details);
}
