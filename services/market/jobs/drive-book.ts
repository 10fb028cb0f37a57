/** Brings the state of one book to what its day and its operators ask for. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { StateCause } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Clock } from '#platform/clock/clock.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { type StateClient, setTradingState } from '../clients/set-trading-state.ts';
import type { Calendar } from '../domain/calendar/calendar.ts';
import { type DayPlan, type DayRecord, type DayStep, planDay, repeatedId } from '../domain/day-plan.ts';
import { stateOfStep } from '../rpc/messages/session-messages.ts';
import { readTradingDay, saveDriven } from '../store/trading-day.ts';
import type { MarketView } from '../view/market-view.ts';
import type { SymbolView } from '../view/symbol-view.ts';

/** What driving a book needs. */
export type DriveDeps = {
  db: Database;
  exchange: StateClient;
  view: Pick<MarketView, 'get'>;
  clock: Pick<Clock, 'nowMs'>;
};

/** How to drive it. */
export type DriveOptions = {
  symbol: string;
  calendar: Calendar;
  /** Sends an operator's halt also to a book that is halted, by the circuit breaker for example. */
  isOrdered?: boolean;
  /** Checked before each command; default: always. */
  mayDrive?: () => boolean;
  signal: AbortSignal;
};

/** The state of a book as far as it is known, and the feed sequence of its last change. */
type KnownState = {
  state: TradingState;
  sequence: bigint;
  isByCommand: boolean;
  /** Whether a timer of the circuit breaker runs, which will change the state. */
  isInterrupted: boolean;
};

// The longest way: the closing auction and the close of one session, a phase of another, and a halt that came meanwhile.
const stepsMax = 8;

/**
 * Sends what is next until the book is where it should be. Every replica, and an operator's call beside them, may do so at once: each command
 * has an id that all of them find. The record is read anew before each, so a halt of the meantime has the last word. Throws what the exchange
 * rejected, and UNAVAILABLE; what was not sent then is sent by the next call.
 * Returns the state in which the book is then; undefined when it has no book.
 */
export async function driveBook(deps: DriveDeps, options: DriveOptions): Promise<TradingState | undefined> {
  const { symbol, calendar, mayDrive = () => true, signal } = options;
  let sent: KnownState | undefined;
  let isOrdered = options.isOrdered ?? false;
  for (let count = 0; count < stepsMax && !signal.aborted && mayDrive(); count += 1) {
    const record = await readTradingDay(deps.db, symbol);
    const plan = planDay({ symbol, calendar, record, nowMs: deps.clock.nowMs() });
    const known = newest(sent, knownOf(deps.view.get(symbol)));
    const step = nextStep(plan, known) ?? (isOrdered ? plan.target : undefined);
    if (step === undefined) return known?.state;
    if (known?.isInterrupted && known.state === stateOfStep(step.phase)) {
      sent = await endInterruption(deps, { symbol, known, signal });
      continue;
    }
    isOrdered = false;
    sent = await send(deps, { symbol, step, known, signal });
    if (step.phase !== 'halted') await saveDriven(deps.db, symbol, { ...step, phase: step.phase });
  }
  return sent?.state;
}

/** Whether a book is not where it should be, by the record given and what the feed says. */
export function mustDrive(
  input: { symbol: string; calendar: Calendar; record: DayRecord; nowMs: number },
  book: SymbolView,
): boolean {
  return book.state !== TradingState.DELISTED && nextStep(planDay(input), knownOf(book)) !== undefined;
}

function nextStep({ target, next }: DayPlan, known: KnownState | undefined): DayStep | undefined {
  if (next !== undefined) return next;
  return known !== undefined && isAstray(known, target) ? target : undefined;
}

/** Whether something other than the schedule has changed the state. The circuit breaker may, while the book is open. */
function isAstray({ state, isByCommand, isInterrupted }: KnownState, { phase }: DayStep): boolean {
  // A state that the breaker will change is not the one that was asked for.
  if (state === stateOfStep(phase)) return isInterrupted;
  const mayBeBreaker = state === TradingState.HALTED || state === TradingState.OPENING_AUCTION;
  return phase !== 'continuous' || !mayBeBreaker || isByCommand;
}

/**
 * Takes a book out of the breaker's hands that is in the state asked for already: a change to the same state would change nothing, and the
 * breaker's timer would go on. In the state between, orders are collected and none trades.
 */
async function endInterruption(
  { exchange }: DriveDeps,
  { symbol, known, signal }: { symbol: string; known: KnownState; signal: AbortSignal },
): Promise<KnownState> {
  const state = TradingState.PRE_OPEN;
  const commandId = repeatedId(symbol, 'pre-open', known.sequence);
  const sequence = await setTradingState(exchange, { commandId, symbol, state }, signal);
  return commanded(state, sequence === 0n ? known.sequence : sequence);
}

async function send(
  { exchange }: DriveDeps,
  {
    symbol,
    step,
    known,
    signal,
  }: { symbol: string; step: DayStep; known: KnownState | undefined; signal: AbortSignal },
): Promise<KnownState> {
  const state = stateOfStep(step.phase);
  const change = { commandId: step.commandId, symbol, state };
  const sequence = await setTradingState(exchange, change, signal).catch((error: unknown) => {
    if (error instanceof OutcryError && error.reason === ErrorReason.KEY_REUSED) return 0n;
    throw error;
  });
  if (known === undefined || known.state === state || sequence >= known.sequence) {
    return commanded(state, sequence);
  }
  // The command was carried out before, and something has changed the state since: another command, or the breaker, which may.
  if (!isAstray(known, step)) return known;
  const commandId = repeatedId(symbol, step.phase, known.sequence);
  const repeated = await setTradingState(exchange, { ...change, commandId }, signal);
  // Without an event the state was right already, and the feed is late.
  return commanded(state, repeated === 0n ? known.sequence : repeated);
}

function commanded(state: TradingState, sequence: bigint): KnownState {
  return { state, sequence, isByCommand: true, isInterrupted: false };
}

function knownOf(book: SymbolView | undefined): KnownState | undefined {
  if (book === undefined) return undefined;
  const { state, stateSequence: sequence, stateCause, interruption } = book;
  const isByCommand = stateCause === StateCause.UNSPECIFIED;
  return { state, sequence, isByCommand, isInterrupted: interruption !== undefined };
}

function newest(sent: KnownState | undefined, seen: KnownState | undefined): KnownState | undefined {
  return sent !== undefined && (seen === undefined || seen.sequence <= sent.sequence) ? sent : seen;
}
