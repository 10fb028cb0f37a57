import { Engine } from '../../engine/engine.ts';
import { readEvents } from '../../engine/event-reader.ts';
import { applyReference, createReference } from '../reference/reference-engine.ts';
import type { GoldenRunner } from './run-case.ts';

/** The engines that run the cases. */
export const engines: readonly { name: string; create(): GoldenRunner }[] = [
  { name: 'engine', create: createEngineRunner },
  { name: 'reference', create: createReferenceRunner },
];

function createEngineRunner(): GoldenRunner {
  const engine = new Engine();
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

function createReferenceRunner(): GoldenRunner {
  const reference = createReference();
  return {
    run(command, timeMs) {
      const outcome = applyReference(reference, command, timeMs);
      return { outcome, events: reference.events };
    },
  };
}
