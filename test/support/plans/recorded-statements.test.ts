import { describe, expect, it } from 'vitest';
import { statementOf } from './recorded-statements.ts';

describe('statementOf', () => {
  it('takes the text of prepared statements, simple ones and copied queries', () => {
    expect(statementOf('execute 5f1c: SELECT a\nFROM b WHERE c = $1')).toBe('SELECT a\nFROM b WHERE c = $1');
    expect(statementOf('execute <unnamed>: DELETE FROM b')).toBe('DELETE FROM b');
    expect(statementOf('statement: WITH x AS (SELECT 1) SELECT * FROM x')).toMatch(/^WITH/);
    expect(statementOf('statement: COPY (SELECT a FROM b WHERE c = 1) TO STDOUT (FORMAT binary)')).toBe(
      'SELECT a FROM b WHERE c = 1',
    );
  });

  it('leaves out what has no plan', () => {
    expect(statementOf('statement: BEGIN')).toBeUndefined();
    expect(statementOf('statement: CREATE TABLE b (a int)')).toBeUndefined();
    expect(statementOf('checkpoint starting: time')).toBeUndefined();
  });
});
