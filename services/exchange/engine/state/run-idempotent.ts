import { none, Reason } from '../model/codes.ts';
import type { Outcome } from '../model/commands.ts';
import { EventKind, eventWords } from '../model/event-buffer.ts';
import { applyEvents } from './apply-events.ts';
import { type EngineState, ineffective, outcome } from './engine-state.ts';

/**
 * Runs a command once for its id. A repetition with the same body returns the stored outcome, one with another body is refused
 * KEY_REUSED. Sets the outcome's sequence. `isOperators`: an operator's, which is remembered longer.
 */
export function runIdempotent(
  state: EngineState,
  { commandId, body, isOperators = false }: { commandId: string; body: Body; isOperators?: boolean },
  run: () => Outcome,
): Outcome {
  const { commands, operatorCommands } = state;
  for (const memory of [commands, operatorCommands]) {
    const known = memory.find(commandId);
    if (known === none) continue;
    return memory.sameBody(known, body) ? memory.outcomeOf(known) : ineffective(Reason.KEY_REUSED);
  }
  const result = run();
  if (!result.effective) return result;
  applyEvents(state);
  result.feedSequence = state.sequence;
  result.timeMs = state.nowMs;
  const memory = isOperators && state.ruleVersion >= 4 ? operatorCommands : commands;
  memory.remember(commandId, body, result, state.nowMs, state.commandHash);
  return result;
}

type Body = readonly (string | number)[];

/** Number of CANCELLED events from an index of the buffer on. */
export function countCancelled({ events }: EngineState, first: number): number {
  let count = 0;
  for (let i = first; i < events.count; i++) if (events.words[i * eventWords] === EventKind.CANCELLED) count++;
  return count;
}

/** Emits that a command on an order was rejected. */
export function rejectCommand(state: EngineState, book: number, reason: Reason, detailA = 0, detailB = 0): Outcome {
  const { matching } = state;
  matching.state.events.push(EventKind.COMMAND_REJECTED, book, matching.state.command, reason);
  return outcome(0, reason, detailA, detailB);
}
