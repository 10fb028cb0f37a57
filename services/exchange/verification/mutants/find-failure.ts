/** The checks that must catch each mutant, and that the unchanged engine must pass. */
import type { GoldenCase } from '../golden/case-file.ts';
import { engines } from '../golden/engines.ts';
import { expectedLines, type GoldenRunner, runCase } from '../golden/run-case.ts';
import { EnginePair } from '../random/engine-pair.ts';
import { CommandGenerator } from '../random/random-generator.ts';
import { limitsOf } from '../random/random-profile.ts';

/** A check that failed: a golden case, the comparison with the reference engine, or the invariants of the engine's state. */
export type Failure = { check: 'golden' | 'differential' | 'invariants'; detail: string };

// Commands of several generators with different mixtures; what they do not reach, the golden cases cover.
const seeds = 6;
const commandsPerSeed = 1_000;

/** The first check that the engine fails; undefined if it passes all. */
export function findFailure(cases: readonly GoldenCase[]): Failure | undefined {
  return findGoldenFailure(cases) ?? findRandomFailure();
}

/** The first golden case that fails. */
function findGoldenFailure(cases: readonly GoldenCase[]): Failure | undefined {
  const engine = engines.find(({ name }) => name === 'engine');
  if (engine === undefined) throw new Error('the golden cases know no engine');
  for (const golden of cases) {
    const happened = runLines(golden, engine.create(golden.limits));
    const index = expectedLines(golden).findIndex((line, i) => line !== happened[i]);
    if (index !== -1) return { check: 'golden', detail: `${golden.title}: ${happened[index] ?? 'nothing'}` };
    if (happened.length > expectedLines(golden).length) return { check: 'golden', detail: `${golden.title}: too much` };
  }
  return undefined;
}

/** The first random command after which the engine differs from the reference or its state is inconsistent. */
function findRandomFailure(): Failure | undefined {
  for (let seed = 1; seed <= seeds; seed++) {
    const generator = new CommandGenerator(seed);
    const pair = new EnginePair(true, limitsOf(seed));
    for (let index = 0; index < commandsPerSeed; index++) {
      const { events, difference } = pair.run(generator.next());
      if (difference !== undefined) return describeDifference(difference, `command ${index} of seed ${seed}`);
      generator.observe(events);
    }
  }
  return undefined;
}

function runLines(golden: GoldenCase, runner: GoldenRunner): string[] {
  try {
    return runCase(golden, runner);
  } catch (error) {
    return [`the engine threw ${error}`];
  }
}

function describeDifference(difference: string, place: string): Failure {
  const [line = ''] = difference.split('\n');
  const check = line.startsWith('the engine threw') ? 'invariants' : 'differential';
  return { check, detail: `${place}: ${line}` };
}
