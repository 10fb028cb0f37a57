import { Engine, ruleVersion } from '../../engine/engine.ts';
import { readEvents } from '../../engine/event-reader.ts';
import type { Reason } from '../../engine/model/codes.ts';
import type { Command } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { applyReference, createReference } from '../../verification/reference/reference-engine.ts';

/** An engine that carries out each command in a group of its own. */
export type Replayer = {
  run(command: Command, timeMs: number): { reason: Reason; events: readonly EngineEvent[] };
  /** When a time command is due next, Unix milliseconds; 0 if that is unknown. */
  nextDueMs(): number;
  /** Undefined if the engine has none. */
  stateHash(): string | undefined;
};

/** Greatest number of remembered final orders, and of commands: bounds the memory for files of any length. */
export const rememberedMax = 1_000_000;

/** The engine that the exchange runs. */
export function createEngineReplayer(): Replayer {
  const engine = new Engine();
  engine.state.rememberedMax = rememberedMax;
  const run: Replayer['run'] = (command, timeMs) => {
    engine.beginGroup(timeMs);
    const { reason } = engine.apply(command);
    const events = readEvents(engine.state, engine.effective);
    engine.endGroup();
    return { reason, events };
  };
  run({ kind: 'rules', version: ruleVersion }, 0);
  return { run, nextDueMs: () => engine.nextDueMs, stateHash: () => engine.stateHash() };
}

/** The reference engine, whose memory is unbounded: a file must fit in memory. */
export function createReferenceReplayer(): Replayer {
  const state = createReference();
  const run: Replayer['run'] = (command, timeMs) => {
    const { reason } = applyReference(state, command, timeMs);
    return { reason, events: state.events };
  };
  run({ kind: 'rules', version: ruleVersion }, 0);
  return { run, nextDueMs: () => 0, stateHash: () => undefined };
}
