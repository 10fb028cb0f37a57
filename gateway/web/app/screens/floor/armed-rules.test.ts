import { describe, expect, it } from 'vitest';
import { armedProblem } from './armed-rules.ts';

const facts = { size: 5_000_000n, lot: 1_000_000n, value: 900, largeFrom: 1_000, beyondTouchBps: 0 };

describe('armedProblem', () => {
  it('has none with a small order near the market', () => {
    expect(armedProblem(facts)).toBe('');
  });

  it('leaves to the ticket what is large, far, or of an account that is not known', () => {
    expect(armedProblem({ ...facts, value: 1_000 })).toMatch(/large/);
    expect(armedProblem({ ...facts, beyondTouchBps: 201 })).toMatch(/beyond the market/);
    expect(armedProblem({ ...facts, largeFrom: 0 })).toMatch(/not known/);
  });

  it('takes whole lots only', () => {
    for (const size of [undefined, 0n, -1_000_000n, 500_000n]) expect(armedProblem({ ...facts, size })).toMatch(/lot/);
  });
});
