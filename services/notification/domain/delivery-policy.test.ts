import { describe, expect, it } from 'vitest';
import { type Failure, nextStep } from './delivery-policy.ts';

const unreachable: Failure = { type: 'unreachable' };

describe('nextStep', () => {
  it('waits twice as long after each failure, up to a quarter of an hour', () => {
    const delays = [1, 2, 3, 8, 9, 15].map((attempts) => nextStep(unreachable, attempts, 20));
    expect(delays.map((step) => 'delayMs' in step && step.delayMs)).toEqual([
      5_000, 10_000, 20_000, 640_000, 900_000, 900_000,
    ]);
  });

  it('gives up after the last try', () => {
    expect(nextStep(unreachable, 9, 10).type).toBe('again');
    expect(nextStep(unreachable, 10, 10)).toEqual({ type: 'give-up', text: 'the mail server could not be reached' });
  });

  it('gives up at once what was refused for good, and only that', () => {
    expect(nextStep({ type: 'refused', code: 550, isFinal: true }, 1, 10)).toEqual({
      type: 'give-up',
      text: 'the mail server refused the mail (550)',
    });
    expect(nextStep({ type: 'refused', code: 451, isFinal: false }, 1, 10).type).toBe('again');
    expect(nextStep({ type: 'no-address', isFinal: true }, 1, 10).type).toBe('give-up');
    expect(nextStep({ type: 'timeout' }, 1, 10).type).toBe('again');
  });
});
