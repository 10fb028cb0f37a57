import { describe, expect, it } from 'vitest';
import { describeFlags, readFlags, UsageError } from './read-flags.ts';

const bench = {
  name: 'sample',
  flags: {
    seconds: { kind: 'count', default: 10, min: 1, max: 60, help: 'how long' },
    checkout: { kind: 'text', default: '', help: 'where' },
  },
} as const;

describe('readFlags', () => {
  it('gives the defaults where nothing was said', () => {
    expect(readFlags(bench, [])).toEqual({ json: false, flags: { seconds: 10, checkout: '' } });
  });

  it('reads what was said', () => {
    const read = readFlags(bench, ['--json', '--seconds', '5', '--checkout', 'elsewhere']);
    expect(read).toEqual({ json: true, flags: { seconds: 5, checkout: 'elsewhere' } });
  });

  it('refuses numbers out of bounds and numbers that are none', () => {
    for (const text of ['0', '61', '-1', '1.5', 'many', '']) {
      expect(() => readFlags(bench, [`--seconds=${text}`])).toThrow('--seconds takes a whole number from 1 to 60');
    }
  });

  it('refuses flags that the bench does not have, in one line', () => {
    expect(() => readFlags(bench, ['--minutes', '5'])).toThrow(UsageError);
    expect(() => readFlags(bench, ['--minutes', '5'])).toThrow(/^sample: Unknown option '--minutes'$/);
  });
});

describe('describeFlags', () => {
  it('describes each flag with its bounds and its default', () => {
    expect(describeFlags(bench.flags)).toEqual([
      '--seconds N  how long (1 to 60, default 10)',
      '--checkout TEXT  where',
    ]);
  });
});
