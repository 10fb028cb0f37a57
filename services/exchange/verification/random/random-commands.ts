import fc from 'fast-check';
import type { Command } from '../../engine/model/commands.ts';
import { applyReference, createReference } from '../reference/reference-engine.ts';
import { CommandGenerator, type TimedCommand } from './random-generator.ts';
import { openingCommands } from './random-profile.ts';

/** Runs of commands for fast-check: the opening ones, then up to `lengthMax` of every kind, each from a seed that can be shrunk away. */
export function randomTimedCommands(lengthMax: number): fc.Arbitrary<TimedCommand[]> {
  const seeds = fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: lengthMax, size: 'max' });
  return fc.tuple(fc.nat(2 ** 31 - 1), seeds).map(([profile, each]) => makeCommands(profile, each));
}

/** The same without their times. */
export function randomCommands(lengthMax: number): fc.Arbitrary<Command[]> {
  return randomTimedCommands(lengthMax).map((commands) => commands.map(({ command }) => command));
}

function makeCommands(profile: number, seeds: readonly number[]): TimedCommand[] {
  const generator = new CommandGenerator(profile);
  const reference = createReference();
  return [...openingSeeds, ...seeds].map((seed) => {
    const timed = generator.next(seed);
    applyReference(reference, timed.command, timed.timeMs, timed.continues);
    generator.observe(reference.events);
    return timed;
  });
}

// The generator's first commands do not depend on a seed.
const openingSeeds = openingCommands().map(() => 0);
