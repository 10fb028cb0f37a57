import { describe, expect, it } from 'vitest';
import { readLoadFlags, UsageError } from './flags.ts';

describe('readLoadFlags', () => {
  it('has defaults, and reads what is given', () => {
    expect(readLoadFlags([])).toMatchObject({
      tool: 'own',
      rate: 500,
      seconds: 60,
      protocol: 'grpc',
      requests: 44_248,
    });
    const args = ['--tool', 'k6', '--rate', '20', '--target', 'https://outcry.example'];
    expect(readLoadFlags(args)).toMatchObject({ tool: 'k6', rate: 20, target: 'https://outcry.example' });
  });

  it('tries shorter runs from a lower rate on to find the knee', () => {
    expect(readLoadFlags(['--find-knee'])).toMatchObject({ findsKnee: true, rate: 100, seconds: 15 });
    expect(() => readLoadFlags(['--find-knee', '--tool', 'ghz'])).toThrow('own or k6');
  });

  it('refuses what it does not know, in one line', () => {
    expect(() => readLoadFlags(['--tool', 'wrk'])).toThrow(new UsageError("--tool takes own or k6 or ghz, not 'wrk'"));
    expect(() => readLoadFlags(['--rate', '0'])).toThrow('--rate takes a whole number');
    expect(() => readLoadFlags(['--rates', '5'])).toThrow(UsageError);
    expect(() => readLoadFlags(['--scenario', 'predecessor'])).toThrow('--tool k6');
  });
});
