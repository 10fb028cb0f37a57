/**
 * A chaos run can fail: each of ten deliberate faults is found by it, and without them the same runs find nothing. A fault takes about a
 * minute, so three of them are a part of `npm test`; OUTCRY_ALL_MUTANTS=1 runs all.
 */
import { describe, expect, it } from 'vitest';
import { mutants } from '../chaos/mutants/mutants.ts';
import { findFault, openSystem } from '../chaos/mutants/run-mutant.ts';

const timeout = 240_000;
const usual = 3;
const chosen = process.env.OUTCRY_ALL_MUTANTS === '1' ? mutants : mutants.slice(0, usual);

describe('a deliberate fault', () => {
  it.each(chosen)('$name is found', { timeout }, async (mutant) => {
    const findings = await findFault(mutant);
    const rules = [...new Set(findings.map(({ rule }) => rule))];
    expect(rules).toContainEqual(expect.stringMatching(mutant.caughtBy));
  });
});

describe('without a fault', () => {
  it('the same runs find nothing', { timeout: 3 * timeout }, async () => {
    await using opened = await openSystem();
    for (const { scenario } of chosen) await opened.theatre.run(scenario);
    expect(await opened.theatre.judge(60_000)).toEqual([]);
  });
});
