import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../commands.ts';
import { Engine } from '../engine.ts';
import { readEvents } from '../event-reader.ts';
import type { EngineEvent } from '../events.ts';
import { checkInvariants } from '../testing/check-invariants.ts';
import { order, startMs } from '../testing/driver.ts';
import { randomCommands } from '../testing/random-commands.ts';
import { applyReference, createReference } from './reference-engine.ts';

function sortLevels(events: EngineEvent[]): string[] {
  const texts = events.map((event) => JSON.stringify(event, Object.keys(flatten(event)).sort()));
  const isLevel = (text: string) => text.includes('"levelChanged"');
  return [...texts.filter((text) => !isLevel(text)), ...texts.filter(isLevel).sort()];
}

function flatten(value: object): Record<string, unknown> {
  const names: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    names[name] = inner;
    if (typeof inner === 'object' && inner !== null) Object.assign(names, flatten(inner));
  }
  return names;
}

function compare(commands: Command[]): void {
  const engine = new Engine();
  const reference = createReference();
  for (const [i, given] of commands.entries()) {
    const timeMs = startMs + i;
    engine.beginGroup(timeMs);
    const { accepted, reason } = engine.apply(given);
    const events = readEvents(engine.state, engine.effective);
    engine.endGroup();
    reference.events.length = 0;
    const expected = applyReference(reference, given, timeMs);
    expect({ accepted, reason }).toEqual(expected);
    expect(sortLevels(events)).toEqual(sortLevels(reference.events));
    checkInvariants(engine.state);
  }
}

describe('Engine', () => {
  it('does what the reference engine does, for any commands', () => {
    fc.assert(
      fc.property(randomCommands(200), (commands) => {
        compare(commands);
      }),
      { numRuns: 250 },
    );
  });

  it('reaches the same state hash however its commands are grouped', () => {
    fc.assert(
      fc.property(randomCommands(60), fc.integer({ min: 1, max: 9 }), (commands, size) => {
        const all = [...commands, order(999_999)];
        const one = new Engine();
        const other = new Engine();
        for (const given of all) runGroup(one, [given]);
        for (let i = 0; i < all.length; i += size) runGroup(other, all.slice(i, i + size));
        expect(other.stateHash()).toBe(one.stateHash());
      }),
      { numRuns: 60 },
    );
  });
});

function runGroup(engine: Engine, commands: Command[]): void {
  engine.beginGroup(startMs);
  for (const given of commands) engine.apply(given);
  engine.endGroup();
}
