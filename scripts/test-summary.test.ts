import { describe, expect, it } from 'vitest';
import { addReports, summarise } from './test-summary.ts';

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

describe('addReports', () => {
  it('counts several runs as one', () => {
    const run = (status: string) => ({
      testResults: [{ name: 'a.test.ts', status, assertionResults: [{ fullName: 'a', status }] }],
    });
    expect(summarise(addReports([run('passed'), run('failed')])).line).toBe('1 passed, 1 failed, 0 skipped');
  });
});
