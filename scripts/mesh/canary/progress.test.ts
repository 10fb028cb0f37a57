import { describe, expect, it } from 'vitest';
import { type Progress, parseProgress, parseSteps } from './progress.ts';

describe('parseSteps', () => {
  it('reads rising percentages up to 100', () => {
    expect(parseSteps('10,50,100')).toEqual([10, 50, 100]);
    expect(parseSteps('100')).toEqual([100]);
  });

  it.each(['', '10', '50,10,100', '0,100', '10,10,100', '10,200', '1.5,100', 'a,100'])('refuses %s', (text) => {
    expect(() => parseSteps(text)).toThrow('rising percentages');
  });
});

describe('parseProgress', () => {
  it('reads what was stored, and nothing else', () => {
    const progress: Progress = { phase: 'steps', steps: [100], passed: 0, stableRevision: '3', findings: 2, run: 'r' };
    expect(parseProgress(JSON.stringify(progress))).toEqual(progress);
    expect(() => parseProgress(undefined)).toThrow('no progress');
    expect(() => parseProgress('{"phase":"done"}')).toThrow('no progress');
  });
});
