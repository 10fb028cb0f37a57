/** Checks that the golden cases and the comparison with the reference engine catch faults of the engine. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCases } from '../golden/case-file.ts';
import { engines } from '../golden/engines.ts';
import { expectedLines, runCase } from '../golden/run-case.ts';
import { mutants } from './all-mutants.ts';
import { applyMutant } from './faults/mutant.ts';
import { tryMutants, type Verdict } from './try-mutants.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

const everyDayFaults: readonly string[] = [
  "a trade is at the taker's price",
  'the lots of a level do not follow what its orders show',
  'an IOC rests',
  'a replace by more lots retains its priority',
  'stops that one trade reaches enter last first',
  'both legs of an OCO fill in one sweep',
  'an auction does not look for the greatest volume',
  'a split rounds so that the book crosses',
];

describe('the mutants', () => {
  it('are at least 24, each of another fault', () => {
    const faults = mutants.map(({ fault }) => fault);
    expect(faults.length).toBeGreaterThanOrEqual(24);
    expect(faults.filter((fault, i) => faults.indexOf(fault) !== i)).toEqual([]);
  });

  it.each(mutants)('$file has one place for: $fault', (mutant) => {
    const text = read(`../../engine/${mutant.file}`);
    expect(applyMutant(text, mutant)).not.toBe(text);
  });
});

describe('tryMutants', () => {
  let verdicts: Verdict[] = [];
  const failureOf = (fault: string | undefined) => verdicts.find(({ mutant }) => mutant?.fault === fault)?.failure;

  beforeAll(async () => {
    verdicts = await tryMutants([undefined, ...mutants]);
  }, 480_000);

  it('finds nothing in the engine as it is', () => {
    expect(verdicts.filter(({ mutant }) => mutant === undefined)).toEqual([{ mutant: undefined, failure: undefined }]);
  });

  it.each(mutants)('catches that $fault', ({ fault }) => {
    const failure = failureOf(fault);
    expect(failure).toBeDefined();
    // A mutant that cannot run proves nothing.
    expect(failure?.detail).not.toMatch(/ReferenceError|SyntaxError|is not a function/);
  });

  it('catches by random commands alone what happens every day', async () => {
    const everyDay = await tryMutants(
      mutants.filter(({ fault }) => everyDayFaults.includes(fault)),
      false,
    );
    expect(everyDay.map(({ mutant }) => mutant?.fault).sort()).toEqual([...everyDayFaults].sort());
    expect(everyDay.filter(({ failure }) => failure === undefined)).toEqual([]);
  }, 120_000);
});

describe.each(engines)('$name', ({ create }) => {
  it.each(parseCases(read('cases/holes.txt')))('does what line $line says: $title', (golden) => {
    expect(runCase(golden, create())).toEqual(expectedLines(golden));
  });
});
