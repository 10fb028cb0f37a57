/** What the reference engine remembers of orders and commands, and for how long (R13, R14). */
import { Reason } from '../../engine/model/codes.ts';
import type { MemoryLimits } from '../../engine/state/engine-state.ts';
import {
  ignore,
  type ReferenceCommand,
  type ReferenceOrder,
  type ReferenceOutcome,
  type ReferenceState,
} from './reference-state.ts';

const dayMs = 86_400_000;
const clockSkewMs = 600_000;

/** Retention time of final orders and answered commands of owners, in journalled time. */
export const memoryMs: number = dayMs + clockSkewMs;

/** That of answered commands of operators. */
const operatorMemoryMs = 7 * dayMs + clockSkewMs;

/** The bounds of a shard's memory. */
export const shardLimits: MemoryLimits = {
  knownMax: 16_000_000,
  markedMax: 17_000_000,
  commandsMax: 4_000_000,
  operatorCommandsMax: 100_000,
};

/** Begins a group after one at `timeBefore`: what is over is forgotten. */
export function forget(state: ReferenceState, timeBefore: number): void {
  state.forgottenBeforeMs = timeBefore - memoryMs;
  for (const order of state.fromFuture) {
    // One that would be taken again if it was forgotten counts as final anew.
    const isFromFuture = order.idTimeMs >= timeBefore - dayMs;
    if (isFromFuture && order.status !== 'live' && order.finalTimeMs < state.forgottenBeforeMs)
      order.finalTimeMs = timeBefore;
  }
  if (state.ruleVersion < 4) return;
  forgetOldest(state, false, state.limits.commandsMax);
  forgetOldest(state, true, state.limits.operatorCommandsMax);
}

function forgetOldest(state: ReferenceState, isOperators: boolean, countMax: number): void {
  if (state.keyed.size <= countMax) return;
  const known = [...state.keyed].filter(([, each]) => each.isOperators === isOperators && isKnown(state, each));
  for (const [commandId] of known.slice(0, Math.max(0, known.length - countMax))) state.keyed.delete(commandId);
}

function isKnown({ forgottenBeforeMs }: ReferenceState, { timeMs, isOperators }: ReferenceCommand): boolean {
  return timeMs >= forgottenBeforeMs + memoryMs - (isOperators ? operatorMemoryMs : memoryMs);
}

/** A command that is remembered under an id. */
export function knownCommand(state: ReferenceState, commandId: string): ReferenceCommand | undefined {
  const known = state.keyed.get(commandId);
  return known && isKnown(state, known) ? known : undefined;
}

/** An order that is still known: live, or final for less than the retention time. */
export function knownOrder(state: ReferenceState, orderId: string): ReferenceOrder | undefined {
  const order = state.orders.get(orderId);
  return order && isKnownOrder(state, order) ? order : undefined;
}

function isKnownOrder({ forgottenBeforeMs }: ReferenceState, { status, finalTimeMs }: ReferenceOrder): boolean {
  return status === 'live' || finalTimeMs >= forgottenBeforeMs;
}

/** Whether as many orders are known. */
export function knowsAsMany(state: ReferenceState, count: number): boolean {
  if (state.orders.size < count) return false;
  return [...state.orders.values()].filter((order) => isKnownOrder(state, order)).length >= count;
}

/** The reason to refuse an unknown id, or Reason.NONE. */
export function idRefusal(state: ReferenceState, idTimeMs: number): Reason {
  if (idTimeMs < state.nowMs - dayMs) return Reason.ORDER_ID_EXPIRED;
  if (idTimeMs > state.nowMs + clockSkewMs) return Reason.INVALID_FIELD;
  if (idTimeMs <= state.closedIdTimeMs) return Reason.BOOK_FULL;
  return knowsAsMany(state, state.limits.knownMax) ? Reason.BOOK_FULL : Reason.NONE;
}

/** Runs a command once for its id (R13). */
export function once(
  state: ReferenceState,
  {
    commandId,
    body,
    isOperators = false,
  }: { commandId: string; body: readonly (string | number)[]; isOperators?: boolean },
  run: () => ReferenceOutcome,
): ReferenceOutcome {
  const known = knownCommand(state, commandId);
  if (known) {
    const isSame = known.body === JSON.stringify(body);
    return isSame ? { ...known.outcome, effective: false } : ignore(Reason.KEY_REUSED);
  }
  const outcome = run();
  if (!outcome.effective) return outcome;
  state.keyed.delete(commandId);
  const isLonger = isOperators && state.ruleVersion >= 4;
  state.keyed.set(commandId, { body: JSON.stringify(body), outcome, timeMs: state.nowMs, isOperators: isLonger });
  return outcome;
}
