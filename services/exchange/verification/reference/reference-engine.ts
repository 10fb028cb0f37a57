/**
 * The reference engine: the rulebook in plain objects and arrays, slow and obvious. It shares only the types of commands and events and
 * the codes with the engine, so that a mistake would have to be made twice.
 */
import { CancelReason, Reason, StateCause, TradingState } from '../../engine/model/codes.ts';
import type {
  CancelAllCommand,
  CancelCommand,
  Command,
  ListCommand,
  Listing,
  ReplaceCommand,
  SetStateCommand,
  SubmitListCommand,
} from '../../engine/model/commands.ts';
import type { MemoryLimits } from '../../engine/state/engine-state.ts';
import { changeDetailsOf } from './reference-admission.ts';
import { emitLevels } from './reference-book.ts';
import { cancelOrder, massCancel } from './reference-changes.ts';
import { forget, knownOrder, once, shardLimits } from './reference-memory.ts';
import { termsOf } from './reference-order.ts';
import { replaceReference } from './reference-replace.ts';
import { splitReference } from './reference-split.ts';
import {
  accept,
  bookOf,
  ignore,
  lotsOf,
  type ReferenceBook,
  type ReferenceOutcome,
  type ReferenceState,
  reject,
} from './reference-state.ts';
import { changeState } from './reference-states.ts';
import { isOwned, submitListReference, submitReference, voidReference } from './reference-submit.ts';
import { keepAliveReference, timeReference } from './reference-time.ts';

/** An empty exchange. */
export function createReference(limits: MemoryLimits = shardLimits): ReferenceState {
  return {
    limits,
    closedIdTimeMs: 0,
    nowMs: 0,
    ruleVersion: 0,
    books: [],
    orders: new Map(),
    fromFuture: [],
    keyed: new Map(),
    sessions: new Map(),
    forgottenBeforeMs: 0,
    priorityNext: 1,
    acceptanceNext: 1,
    sessionNext: 1,
    sequence: 0,
    events: [],
  };
}

/**
 * Carries out one command at a time in Unix milliseconds and returns its outcome; its events are then the state's. The command is a group of its own, or belongs to the group of the one before it, at the same time.
 */
export function applyReference(
  state: ReferenceState,
  command: Command,
  timeMs: number,
  continuesGroup = false,
): ReferenceOutcome {
  const timeBefore = state.nowMs;
  if (!continuesGroup) forget(state, timeBefore);
  state.nowMs = Math.max(timeBefore, timeMs);
  state.events = [];
  const outcome = dispatch(state, command);
  if (!outcome.effective) {
    state.nowMs = timeBefore;
    return outcome;
  }
  for (const book of state.books) emitLevels(state, book);
  state.sequence += state.events.length;
  // What is remembered of the command is this same outcome.
  outcome.feedSequence = state.sequence;
  outcome.timeMs = state.nowMs;
  return outcome;
}

function dispatch(state: ReferenceState, command: Command): ReferenceOutcome {
  switch (command.kind) {
    case 'rules':
      return setRules(state, command.version);
    case 'time':
      return timeReference(state);
    case 'keepAlive':
      return keepAliveReference(state, command);
    case 'list':
      return listReference(state, command);
    case 'cancelAll':
      return cancelAllReference(state, command);
    case 'submitList':
      return runListCommand(state, command);
    default: {
      const book = bookOf(state, command.symbol);
      if (command.kind === 'submit' || command.kind === 'void') {
        if (!book && state.ruleVersion < 4) return ignore(Reason.SYMBOL_UNKNOWN);
        return command.kind === 'submit' ? submitReference(state, book, command) : voidReference(state, command);
      }
      return book ? runBookCommand(state, book, command) : ignore(Reason.SYMBOL_UNKNOWN);
    }
  }
}

type BookCommand = Extract<Command, { kind: 'setState' | 'split' | 'cancel' | 'replace' }>;

function runBookCommand(state: ReferenceState, book: ReferenceBook, command: BookCommand): ReferenceOutcome {
  switch (command.kind) {
    case 'setState': {
      const { commandId, symbol, state: to } = command;
      const key = { commandId, body: ['setState', symbol, to], isOperators: true };
      return once(state, key, () => setStateReference(state, book, command));
    }
    case 'split': {
      const { commandId, symbol, numerator, denominator } = command;
      const key = { commandId, body: ['split', symbol, numerator, denominator], isOperators: true };
      return once(state, key, () => {
        splitReference(state, book, command);
        return acceptCancels(state);
      });
    }
    default:
      return runOrderCommand(state, book, command);
  }
}

function runOrderCommand(
  state: ReferenceState,
  book: ReferenceBook,
  command: CancelCommand | ReplaceCommand,
): ReferenceOutcome {
  const { kind, commandId, orderId, accountId, symbol } = command;
  const change =
    command.kind === 'replace'
      ? [command.expectedRevision, command.priceTicks, command.quantityLots, command.stopPriceTicks, ...moreOf(command)]
      : [];
  return once(state, { commandId, body: [kind, orderId, accountId, symbol, ...change] }, () => {
    const order = knownOrder(state, orderId);
    const before = order && { tradedLots: order.tradedLots, tradedValue: order.tradedValue };
    let reason: Reason = Reason.NONE;
    if (!order || !isOwned(order, command)) reason = Reason.ORDER_NOT_FOUND;
    else if (order.status !== 'live') reason = Reason.ORDER_ALREADY_FINAL;
    else if (command.kind === 'replace') reason = replaceReference(state, book, order, command);
    else cancelOrder(state, order, CancelReason.REQUESTED, commandId);
    if (order && reason === Reason.NONE) {
      return accept({ ...lotsOf([order], before), revision: order.revision });
    }
    state.events.push({ kind: 'commandRejected', symbol, commandId, orderId, accountId, reason });
    return reject(reason, changeDetailsOf(book, order, reason));
  });
}

function moreOf({ trailTicks, trailBps, expireTimeMs }: ReplaceCommand): number[] {
  return [trailTicks, trailBps, expireTimeMs];
}

function runListCommand(state: ReferenceState, command: SubmitListCommand): ReferenceOutcome {
  const symbol = command.orders[0]?.symbol ?? '';
  const book = bookOf(state, symbol);
  if (!book && state.ruleVersion < 4) return ignore(Reason.SYMBOL_UNKNOWN);
  const { listId, type, orders } = command;
  const body = ['submitList', type, symbol, ...orders.map((order) => JSON.stringify(termsOf(order)))];
  return once(state, { commandId: listId, body }, () => submitListReference(state, book, command));
}

function cancelAllReference(state: ReferenceState, command: CancelAllCommand): ReferenceOutcome {
  const { commandId, accountId, symbol, side } = command;
  if (symbol !== '' && !bookOf(state, symbol)) return ignore(Reason.SYMBOL_UNKNOWN);
  const key = { commandId, body: ['cancelAll', accountId, symbol, side], isOperators: accountId === '' };
  return once(state, key, () => {
    const reason = accountId === '' ? CancelReason.OPERATOR : CancelReason.REQUESTED;
    for (const book of state.books) {
      if (symbol !== '' && symbol !== book.listing.symbol) continue;
      const isTarget = (order: { accountId: string; side: number }) =>
        (accountId === '' || accountId === order.accountId) && (side === 0 || side === order.side);
      massCancel(state, book, isTarget, reason, commandId);
    }
    return acceptCancels(state);
  });
}

function setStateReference(state: ReferenceState, book: ReferenceBook, command: SetStateCommand): ReferenceOutcome {
  if (book.state === command.state) return accept();
  if (book.state === TradingState.DELISTED) return reject(Reason.INSTRUMENT_NOT_TRADING, { detailA: book.state });
  changeState(state, book, { state: command.state, cause: StateCause.COMMAND, commandId: command.commandId });
  return acceptCancels(state);
}

function listReference(state: ReferenceState, { listing }: ListCommand): ReferenceOutcome {
  const { symbol, referencePriceTicks } = listing;
  const known = bookOf(state, symbol);
  if (known) return ignore(sameListing(known.listing, listing) ? Reason.NONE : Reason.SYMBOL_ALREADY_LISTED);
  state.books.push({
    listing,
    state: TradingState.CONTINUOUS,
    listedPrice: referencePriceTicks,
    lastPrice: 0,
    breakerPrice: referencePriceTicks,
    timerMs: undefined,
    orders: [],
    activating: [],
    elected: [],
    emittedLevels: new Map(),
  });
  state.events.push({ kind: 'listed', symbol, listing });
  state.events.push({ kind: 'stateChanged', symbol, state: TradingState.CONTINUOUS, cause: StateCause.COMMAND });
  return accept();
}

// R9: all orders that the command cancelled count.
function acceptCancels({ events }: ReferenceState): ReferenceOutcome {
  return accept({ cancelledCount: events.filter(({ kind }) => kind === 'cancelled').length });
}

function sameListing(a: Listing, b: Listing): boolean {
  return (Object.keys({ ...a, ...b }) as (keyof Listing)[]).every((name) => a[name] === b[name]);
}

function setRules(state: ReferenceState, version: number): ReferenceOutcome {
  if (version === state.ruleVersion) return ignore(Reason.NONE);
  state.ruleVersion = version;
  return accept();
}
