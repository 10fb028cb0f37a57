import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.ts';

/** Reads a line of RFC 4180. */
function parse(line: string): string[] {
  expect(line.endsWith('\r\n')).toBe(true);
  const cells = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|$)/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

describe('csvLine', () => {
  it('quotes texts, doubles their quotes, and leaves numbers as they are', () => {
    expect(csvLine([{ text: 'a "b", c' }, { number: '-12.50' }, { text: '' }])).toBe('"a ""b"", c",-12.50,""\r\n');
  });

  it.each(['=1+1', '+1', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '  =cmd', '-12.50'])(
    'puts an apostrophe before the text %j, which a spreadsheet would compute',
    (text) => expect(parse(csvLine([{ text }]))).toEqual([`'${text}`]),
  );

  it('refuses a number that is none, as that would be a formula without an apostrophe', () => {
    for (const number of ['=1', '1e3', '', '1,5', '+1', '-', '--1', '1\r\n=2']) {
      expect(() => csvLine([{ number }])).toThrow(RangeError);
    }
  });

  it('can be read back, and no text of any kind begins a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
        const cells = parse(csvLine(texts.map((text) => ({ text }))));
        expect(cells.map((cell) => cell.replace(/^'(?=\s*[=+\-@|%\t\r\n])/, ''))).toEqual(texts);
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
});
