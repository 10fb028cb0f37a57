import { describe, expect, it } from 'vitest';
import { addReports, slowestFiles, summarise } from './test-summary.ts';

describe('summarise', () => {
  it('counts what passed, failed and was skipped', () => {
    const statuses = ['passed', 'passed', 'failed', 'skipped', 'pending', 'todo'];
    const assertionResults = statuses.map((status) => ({ fullName: `a ${status} test`, status }));
    const { line, skipped } = summarise({ testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults }] });
    expect(line).toBe('2 passed, 1 failed, 3 skipped');
    expect(skipped).toEqual(['a skipped test', 'a pending test', 'a todo test']);
  });

  it('counts a file that could not be loaded as a failure', () => {
    const file = { name: 'a.test.ts', status: 'failed', assertionResults: [] };
    expect(summarise({ testResults: [file] }).line).toBe('0 passed, 1 failed, 0 skipped');
  });
});

describe('the failures of a summary', () => {
  it('have file, test and the first lines of the reason', () => {
    const failureMessages = [Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n')];
    const assertionResults = [{ fullName: 'adds', status: 'failed', failureMessages }];
    const { failures } = summarise({ testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults }] });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^a\.test\.ts: adds\n {4}line 0\n/);
    expect(failures[0]).not.toContain('line 12');
  });

  it('have the reason of a file that could not be loaded', () => {
    const file = { name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    expect(summarise({ testResults: [file] }).failures).toEqual(['a.test.ts: the file itself\n    no such module']);
  });
});

describe('an error outside of tests', () => {
  it('is a failure, with the file and the test that ran then', () => {
    const unhandledErrors = [
      { message: 'lost', stack: 'Error: lost\n    at a', VITEST_TEST_PATH: 'a.test.ts', VITEST_TEST_NAME: 'adds' },
      { message: 'no worker' },
    ];
    const { line, failures } = summarise(addReports([{ testResults: [] }, { testResults: [], unhandledErrors }]));
    expect(line).toBe('0 passed, 2 failed, 0 skipped');
    expect(failures).toEqual([
      'a.test.ts: an error outside of tests, during adds\n    Error: lost\n        at a',
      'unknown file: an error outside of tests\n    no worker',
    ]);
  });
});

describe('slowestFiles', () => {
  it('has the longest first, in whole seconds', () => {
    const file = (name: string, endTime: number) => ({
      name,
      status: 'passed',
      startTime: 1_000,
      endTime,
      assertionResults: [],
    });
    const report = { testResults: [file('a.test.ts', 1_400), file('b.test.ts', 9_600), file('c.test.ts', 4_000)] };
    expect(slowestFiles(report, 2)).toEqual(['9 s  b.test.ts', '3 s  c.test.ts']);
  });
});

describe('addReports', () => {
  it('counts several runs as one', () => {
    const run = (status: string) => ({
      testResults: [{ name: 'a.test.ts', status, assertionResults: [{ fullName: 'a', status }] }],
    });
    expect(summarise(addReports([run('passed'), run('failed')])).line).toBe('1 passed, 1 failed, 0 skipped');
  });
});
