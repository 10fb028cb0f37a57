import { describe, expect, it } from 'vitest';
import { findReadmeProblems } from './service-readmes.ts';

const paths = [
  'services/order/main.ts',
  'services/order/README.md',
  'services/order/saga/place.test.ts',
  'test/e2e/orders.test.ts',
];
const main = { path: 'services/order/main.ts', text: '' };

function problems(promises: string, headings = 'Owns Calls Emits Promises Bounds Configuration'): string[] {
  const body = headings.split(' ').map((heading) => `## ${heading}\n\n${heading === 'Promises' ? promises : 'text'}\n`);
  return findReadmeProblems([main, { path: 'services/order/README.md', text: `# order\n\n${body.join('\n')}` }], paths);
}

const table = (...rows: string[]) => ['| promise | shown by |', '| --- | --- |', ...rows].join('\n');

describe('findReadmeProblems', () => {
  it('accepts promises that existing tests or commands show', () => {
    const rows = ['| a | `saga/place.test.ts` |', '| b | `test/e2e/orders.test.ts` |', '| c | `npm run audit` |'];
    expect(problems(table(...rows))).toEqual([]);
  });

  it('refuses a promise without a test, and one whose test does not exist', () => {
    expect(problems(table('| a | we are sure |', '| b | `saga/gone.test.ts` |'))).toEqual([
      'services/order/README.md names no test for: a',
      'services/order/README.md:1 names saga/gone.test.ts, which does not exist (promise: b)',
    ]);
    expect(problems('none')).toEqual(['services/order/README.md promises nothing']);
  });

  it('refuses other headings, and a service without a README', () => {
    expect(problems(table('| a | `npm test` |'), 'Owns Promises')).toHaveLength(1);
    expect(findReadmeProblems([main], paths)).toEqual(['services/order has no README.md']);
  });
});
