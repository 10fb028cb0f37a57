import { NONE, Reason } from './codes.ts';
import type { Outcome } from './commands.ts';
import type { EngineState } from './engine-state.ts';
import { ineffective } from './engine-state.ts';

/**
 * Carries out a command once by its id: the same id and body repeats the first outcome, another body is refused KEY_REUSED.
 * Writes the level changes and sets the outcome's sequence.
 */
export function runKeyed(
  state: EngineState,
  commandId: string,
  body: readonly (string | number)[],
  run: () => Outcome,
): Outcome {
  const { commands } = state;
  const known = commands.find(commandId);
  if (known !== NONE) {
    return commands.sameBody(known, body) ? commands.outcomeOf(known) : ineffective(Reason.KEY_REUSED);
  }
  const outcome = run();
  state.changes.flush(state.events, state.command);
  outcome.feedSequence = state.sequence;
  commands.remember(commandId, body, outcome, state.nowMs, state.commandHash);
  return outcome;
}
