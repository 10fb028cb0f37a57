import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CommandError, describeFailure } from './command.ts';

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('describeFailure', () => {
  it('is one line for what a user can do something about', () => {
    const wrongFlag = failureOf(() => parseArgs({ args: ['--nonsense'], allowPositionals: true }));
    expect(describeFailure(wrongFlag)).toBe("Unknown option '--nonsense'");
    expect(describeFailure(new CommandError('kubectl: exit code 1'))).toBe('kubectl: exit code 1');
  });

  it('throws a fault of the program again', () => {
    expect(() => describeFailure(new TypeError('undefined is not a function'))).toThrow('is not a function');
  });
});
