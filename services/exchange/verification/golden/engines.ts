import { Engine } from '../../engine/engine.ts';
import { readEvents } from '../../engine/event-reader.ts';
import { EngineState, type MemoryLimits } from '../../engine/state/engine-state.ts';
import { applyReference, createReference } from '../reference/reference-engine.ts';
import type { GoldenRunner } from './run-case.ts';

/** The engines that run the cases. */
export const engines: readonly { name: string; create(limits?: MemoryLimits): GoldenRunner }[] = [
  { name: 'engine', create: createEngineRunner },
  { name: 'reference', create: createReferenceRunner },
];

function createEngineRunner(limits?: MemoryLimits): GoldenRunner {
  const engine = new Engine(new EngineState(limits));
  return {
    run(command, timeMs) {
      engine.beginGroup(timeMs);
      const outcome = engine.apply(command);
      const events = readEvents(engine.state, engine.effective);
      engine.endGroup();
      return { outcome, events };
    },
  };
}

function createReferenceRunner(limits?: MemoryLimits): GoldenRunner {
  const reference = createReference(limits);
  return {
    run(command, timeMs) {
      const outcome = applyReference(reference, command, timeMs);
      return { outcome, events: reference.events };
    },
  };
}
