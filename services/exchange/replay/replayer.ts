import type { Reason } from '../domain/codes.ts';
import type { Command } from '../domain/commands.ts';
import { Engine } from '../domain/engine.ts';
import { readEvents } from '../domain/event-reader.ts';
import type { EngineEvent } from '../domain/events.ts';
import { applyReference, createReference } from '../domain/reference/reference-engine.ts';

/** An engine that carries out one command a group. */
export type Replayer = {
  run(command: Command, timeMs: number): { reason: Reason; events: EngineEvent[] };
  /** Undefined where the engine has none. */
  stateHash(): string | undefined;
};

/** The engine that the exchange runs. */
export function createEngineReplayer(): Replayer {
  const engine = new Engine();
  return {
    run(command, timeMs) {
      engine.beginGroup(timeMs);
      const { reason } = engine.apply(command);
      const events = readEvents(engine.state, engine.effective);
      engine.endGroup();
      return { reason, events: inOrder(events) };
    },
    stateHash: () => engine.stateHash(),
  };
}

/** The reference engine. */
export function createReferenceReplayer(): Replayer {
  const state = createReference();
  return {
    run(command, timeMs) {
      state.events.length = 0;
      const { reason } = applyReference(state, command, timeMs);
      return { reason, events: inOrder(state.events) };
    },
    stateHash: () => undefined,
  };
}

// In which order a command's levels are told is not part of the rules.
function inOrder(events: readonly EngineEvent[]): EngineEvent[] {
  const levels = events.filter((event) => event.kind === 'levelChanged');
  levels.sort((a, b) => compareText(a.symbol, b.symbol) || a.side - b.side || a.priceTicks - b.priceTicks);
  return [...events.filter(({ kind }) => kind !== 'levelChanged'), ...levels];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
