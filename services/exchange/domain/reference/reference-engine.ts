/**
 * The oracle: the rulebook of README.md in plain objects and arrays, slow and obvious. It shares nothing with the engine but the
 * command and event types and the codes, so that a mistake would have to be made twice.
 */
import { CancelReason, Reason, TradingState } from '../codes.ts';
import type { CancelAllCommand, Command, ListCommand, SetStateCommand } from '../commands.ts';
import { ReferenceBook } from './reference-book.ts';
import { cancelReference, referenceLevels } from './reference-order.ts';
import { replaceReference, submitReference, voidReference } from './reference-orders.ts';
import type { ReferenceOutcome, ReferenceState } from './reference-state.ts';
import { refuse } from './reference-state.ts';

/** An empty exchange. */
export function createReference(): ReferenceState {
  return { nowMs: 0, books: [], orders: new Map(), outcomes: new Map(), events: [] };
}

/** Carries out one command at a time in Unix milliseconds and returns its outcome; its events are appended to the state's. */
export function applyReference(state: ReferenceState, command: Command, timeMs: number): ReferenceOutcome {
  state.nowMs = Math.max(state.nowMs, timeMs);
  const before = state.books.map((book) => referenceLevels(book));
  const outcome = dispatch(state, command);
  for (const [i, book] of state.books.entries()) tellLevels(state, book, before[i] ?? new Map());
  return outcome;
}

function dispatch(state: ReferenceState, command: Command): ReferenceOutcome {
  if (command.kind === 'rules') return { accepted: true, reason: Reason.NONE };
  if (command.kind === 'list') return list(state, command);
  const book = state.books.find(({ listing }) => listing.symbol === command.symbol);
  if (!book && !(command.kind === 'cancelAll' && command.symbol === '')) return refuse(Reason.SYMBOL_UNKNOWN);
  if (command.kind === 'submit') return submitReference(state, book as ReferenceBook, command);
  if (command.kind === 'void') return voidReference(state, book as ReferenceBook, command);
  const body = JSON.stringify(command);
  const earlier = state.outcomes.get(command.commandId);
  if (earlier) return earlier.body === body ? earlier.outcome : refuse(Reason.KEY_REUSED);
  const outcome = runKeyed(state, book, command);
  state.outcomes.set(command.commandId, { body, outcome });
  return outcome;
}

function runKeyed(
  state: ReferenceState,
  book: ReferenceBook | undefined,
  command: Exclude<Command, { kind: 'rules' | 'list' | 'submit' | 'void' }>,
): ReferenceOutcome {
  if (command.kind === 'cancelAll') return cancelAll(state, command);
  if (command.kind === 'setState') return setState(state, book as ReferenceBook, command);
  const { commandId, orderId, accountId, symbol } = command;
  const order = state.orders.get(orderId);
  const owned = order?.accountId === accountId && order.symbol === symbol ? order : undefined;
  let reason: Reason = Reason.NONE;
  if (!owned) reason = Reason.ORDER_NOT_FOUND;
  else if (owned.status !== 'live') reason = Reason.ORDER_ALREADY_FINAL;
  else if (command.kind === 'cancel') cancelReference(state, owned, CancelReason.REQUESTED, commandId);
  else reason = replaceReference(state, book as ReferenceBook, owned, command);
  if (reason === Reason.NONE) return { accepted: true, reason };
  state.events.push({ kind: 'commandRejected', symbol, commandId, orderId, accountId, reason });
  return refuse(reason);
}

function cancelAll(state: ReferenceState, command: CancelAllCommand): ReferenceOutcome {
  const reason = command.accountId === '' ? CancelReason.OPERATOR : CancelReason.REQUESTED;
  for (const book of state.books) {
    if (command.symbol !== '' && command.symbol !== book.listing.symbol) continue;
    for (const order of [...book.bids, ...book.asks]) {
      if (command.accountId !== '' && command.accountId !== order.accountId) continue;
      if (command.side !== 0 && command.side !== order.side) continue;
      cancelReference(state, order, reason, command.commandId);
    }
  }
  return { accepted: true, reason: Reason.NONE };
}

function list(state: ReferenceState, { listing }: ListCommand): ReferenceOutcome {
  const known = state.books.find((book) => book.listing.symbol === listing.symbol);
  if (known) {
    const same = JSON.stringify(known.listing) === JSON.stringify(listing);
    return same ? { accepted: true, reason: Reason.NONE } : refuse(Reason.SYMBOL_ALREADY_LISTED);
  }
  state.books.push(new ReferenceBook(listing));
  state.events.push({ kind: 'listed', symbol: listing.symbol, listing });
  state.events.push({ kind: 'stateChanged', symbol: listing.symbol, state: TradingState.CONTINUOUS });
  return { accepted: true, reason: Reason.NONE };
}

function setState(state: ReferenceState, book: ReferenceBook, command: SetStateCommand): ReferenceOutcome {
  if (book.state === command.state) return { accepted: true, reason: Reason.NONE };
  if (book.state === TradingState.DELISTED) return refuse(Reason.INSTRUMENT_NOT_TRADING);
  book.state = command.state;
  state.events.push({ kind: 'stateChanged', symbol: command.symbol, state: command.state });
  if (command.state === TradingState.DELISTED) {
    for (const order of [...book.bids, ...book.asks]) {
      cancelReference(state, order, CancelReason.OPERATOR, command.commandId);
    }
  }
  return { accepted: true, reason: Reason.NONE };
}

// The order of level changes within a command is no rule; they are told sorted by the comparison.
function tellLevels(state: ReferenceState, book: ReferenceBook, before: ReturnType<typeof referenceLevels>): void {
  const after = referenceLevels(book);
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const { side, priceTicks } = (after.get(key) ?? before.get(key)) as { side: 1 | 2; priceTicks: number };
    const { quantityLots, orderCount } = after.get(key) ?? { quantityLots: 0, orderCount: 0 };
    const old = before.get(key);
    if (old?.quantityLots === quantityLots && old.orderCount === orderCount) continue;
    state.events.push({
      kind: 'levelChanged',
      symbol: book.listing.symbol,
      side,
      priceTicks,
      quantityLots,
      orderCount,
    });
  }
}
