import { describe, expect, it } from 'vitest';
import { normaliseCron, refuseTooOften } from './schedule.ts';

describe('normaliseCron', () => {
  it('brings the spaces into one form', () => {
    expect(normaliseCron(' 30  9 * *   MON-FRI ')).toBe('30 9 * * MON-FRI');
  });

  it('refuses what has another form, or would mean another schedule after each restart', () => {
    for (const text of [
      '',
      '* * * *',
      '* * * * * * *',
      '@daily',
      '? 9 * * *',
      '* * * *\n*',
      `${'1,'.repeat(50)}1 * * * *`,
    ]) {
      expect(() => normaliseCron(text), text).toThrow(expect.objectContaining({ field: 'cron' }));
    }
  });
});

describe('refuseTooOften', () => {
  it('wants 5 s between runs', () => {
    expect(() => refuseTooOften({ seconds: [0, 5, 10], minutes: [0] })).not.toThrow();
    expect(() => refuseTooOften({ seconds: [0, 5, 9], minutes: [0] })).toThrow('at least 5 s');
  });

  it('looks over the end of a minute where the next has runs, and of an hour', () => {
    expect(() => refuseTooOften({ seconds: [2, 58], minutes: [0, 30] })).not.toThrow();
    expect(() => refuseTooOften({ seconds: [2, 58], minutes: [0, 1] })).toThrow('at least 5 s');
    expect(() => refuseTooOften({ seconds: [2, 58], minutes: [0, 59] })).toThrow('at least 5 s');
    expect(() => refuseTooOften({ seconds: [59], minutes: [0, 1] })).not.toThrow();
  });
});
