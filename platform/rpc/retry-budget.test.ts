import { describe, expect, it } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

function spend(budget: ReturnType<typeof createRetryBudget>): number {
  let retries = 0;
  while (budget.tryRetry()) retries += 1;
  return retries;
}

describe('createRetryBudget', () => {
  it('starts with ten retries', () => {
    expect(spend(createRetryBudget(() => 0))).toBe(10);
  });

  it('earns one retry by ten calls, and saves a hundred at most', () => {
    const budget = createRetryBudget(() => 0);
    spend(budget);
    for (let call = 0; call < 55; call += 1) budget.callMade();
    expect(spend(budget)).toBe(5);
    for (let call = 0; call < 5_000; call += 1) budget.callMade();
    expect(spend(budget)).toBe(100);
  });

  it('lets a quiet caller retry ten times a second', () => {
    let nowMs = 0;
    const budget = createRetryBudget(() => nowMs);
    spend(budget);
    nowMs += 300;
    expect(spend(budget)).toBe(3);
    nowMs += 3_600_000;
    expect(spend(budget)).toBe(10);
  });
});
