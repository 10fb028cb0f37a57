/** A chaos run can fail: each of ten deliberate faults is found by it, and without them the same runs find nothing. */
import { describe, expect, it } from 'vitest';
import { mutants } from '../chaos/mutants/mutants.ts';
import { findFault, openSystem } from '../chaos/mutants/run-mutant.ts';

const timeout = 240_000;

describe('a deliberate fault', () => {
  it.each(mutants)('$name is found', { timeout }, async (mutant) => {
    const findings = await findFault(mutant);
    const rules = [...new Set(findings.map(({ rule }) => rule))];
    expect(rules).toContainEqual(expect.stringMatching(mutant.caughtBy));
  });
});

describe('without a fault', () => {
  it('the same runs find nothing', { timeout: 3 * timeout }, async () => {
    await using opened = await openSystem();
    for (const { scenario } of mutants) await opened.theatre.run(scenario);
    expect(await opened.theatre.judge(60_000)).toEqual([]);
  });
});
