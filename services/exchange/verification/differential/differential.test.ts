import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import type { Command } from '../../engine/model/commands.ts';
import { order, startMs } from '../../engine/testing/driver.ts';
import { findDifference } from '../random/engine-pair.ts';
import { randomCommands, randomTimedCommands } from '../random/random-commands.ts';
import type { TimedCommand } from '../random/random-generator.ts';
import { shorten } from '../random/shorten.ts';

describe('Engine', () => {
  it.each([
    ['', undefined],
    [', with a memory that is soon full', { knownMax: 25, markedMax: 28, commandsMax: 8, operatorCommandsMax: 3 }],
  ])(
    'does what the reference engine does, for any commands%s, and its state never contradicts itself',
    { timeout: 120_000 },
    (_, limits) => {
      const differs = (commands: readonly TimedCommand[]) => findDifference(commands, limits);
      const agree = fc.property(randomTimedCommands(250), (commands) => differs(commands) === undefined);
      // Shrinking goes by leaving out commands: a smaller seed is another command, not a smaller one.
      const { counterexample } = fc.check(agree, { numRuns: 150, endOnFailure: true });
      expect(counterexample && describeDifference(counterexample[0], differs)).toBeNull();
    },
  );

  it('reaches the same state hash however its commands are grouped', () => {
    fc.assert(
      fc.property(randomCommands(150), fc.integer({ min: 1, max: 9 }), (commands, size) => {
        const all = [...commands, order(999_999)];
        const one = new Engine();
        const other = new Engine();
        for (const given of all) runGroup(one, [given]);
        for (let i = 0; i < all.length; i += size) runGroup(other, all.slice(i, i + size));
        expect(other.stateHash()).toBe(one.stateHash());
      }),
      { numRuns: 100 },
    );
  });
});

function describeDifference(commands: readonly TimedCommand[], differs: typeof findDifference): string[] {
  const shortest = shorten(commands, (fewer) => differs(fewer) !== undefined);
  const lines = shortest.map(({ command, timeMs }) => `+${timeMs - startMs} ms ${JSON.stringify(command)}`);
  return [...lines, differs(shortest)?.difference ?? ''];
}

function runGroup(engine: Engine, commands: Command[]): void {
  engine.beginGroup(startMs);
  for (const given of commands) engine.apply(given);
  engine.endGroup();
}
