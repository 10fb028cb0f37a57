/** Compares the engine with the reference engine after each command, and checks invariants of both. */
import { Engine } from '../../engine/engine.ts';
import { readEvents } from '../../engine/event-reader.ts';
import type { Command, Outcome } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { EngineState, type MemoryLimits } from '../../engine/state/engine-state.ts';
import { applyReference, createReference } from '../reference/reference-engine.ts';
import type { ReferenceOutcome, ReferenceState } from '../reference/reference-state.ts';
import { checkState } from './check-state.ts';
import { InvariantChecker } from './invariant-checker.ts';
import type { TimedCommand } from './random-generator.ts';

/** The result of a command; `difference` is undefined if both engines agree. */
export type PairStep = { events: readonly EngineEvent[]; outcome: ReferenceOutcome; difference: string | undefined };

/** The engine and the reference engine, which run the same commands. */
export class EnginePair {
  readonly #engine: Engine;
  readonly #reference: ReferenceState;
  readonly #invariants = new InvariantChecker();
  readonly #checked: boolean;
  // Time of the running group, and number of its events so far.
  #groupTimeMs: number | undefined;
  #groupEvents = 0;

  /** `checked`: whether the engine's state is checked after every command. `limits`: those of a shard unless given. */
  constructor(checked: boolean, limits?: MemoryLimits) {
    this.#checked = checked;
    this.#engine = new Engine(new EngineState(limits));
    this.#reference = createReference(limits);
  }

  /** Runs a command in both engines, and compares outcomes and events. */
  run(timed: TimedCommand): PairStep {
    const reference = this.#reference;
    const continues = timed.continues && timed.timeMs === this.#groupTimeMs;
    const outcome = applyReference(reference, timed.command, timed.timeMs, continues);
    let difference: string | undefined;
    try {
      if (!continues) this.#beginGroup(timed.timeMs);
      difference = this.#compare(outcome, timed.command) ?? this.#invariants.check(reference.events);
    } catch (error) {
      difference = `the engine threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    }
    return { events: reference.events, outcome, difference };
  }

  #beginGroup(timeMs: number): void {
    if (this.#groupTimeMs !== undefined) this.#engine.endGroup();
    this.#engine.beginGroup(timeMs);
    this.#groupTimeMs = timeMs;
    this.#groupEvents = 0;
  }

  #compare(expected: ReferenceOutcome, command: Command): string | undefined {
    const engine = this.#engine;
    const outcome = engine.apply(command);
    const ofGroup = readEvents(engine.state, engine.effective);
    const events = ofGroup.slice(this.#groupEvents);
    this.#groupEvents = ofGroup.length;
    if (this.#checked) checkState(engine.state);
    return compareEvents(events, this.#reference.events) ?? compareOutcomes(outcome, expected);
  }
}

/** The first difference of a run of commands in a new pair, and the index of its command. */
export function findDifference(
  commands: readonly TimedCommand[],
  limits?: MemoryLimits,
): { index: number; difference: string } | undefined {
  const pair = new EnginePair(true, limits);
  for (const [index, command] of commands.entries()) {
    const { difference } = pair.run(command);
    if (difference !== undefined) return { index, difference };
  }
  return undefined;
}

// Every number of an answer, those of a repeated one too.
function compareOutcomes(outcome: Outcome, expected: ReferenceOutcome): string | undefined {
  const names = new Set([...Object.keys(outcome), ...Object.keys(expected)]) as Set<keyof Outcome>;
  const name = [...names].find((each) => outcome[each] !== expected[each]);
  return name && `${name}: engine ${outcome[name]}, reference ${expected[name]}`;
}

function compareEvents(events: readonly EngineEvent[], expected: readonly EngineEvent[]): string | undefined {
  for (let i = 0; i < Math.max(events.length, expected.length); i++) {
    if (isSame(events[i], expected[i])) continue;
    return `event ${i}:\n  engine    ${JSON.stringify(events[i])}\n  reference ${JSON.stringify(expected[i])}`;
  }
  return undefined;
}

// Deep equality of plain values; undefined properties do not count.
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let names = 0;
  for (const name in left) {
    if (left[name] === undefined) continue;
    if (!isSame(left[name], right[name])) return false;
    names++;
  }
  for (const name in right) if (right[name] !== undefined) names--;
  return names === 0;
}
