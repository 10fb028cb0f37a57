/** Cases worked out by hand from the rulebook, run by the engine and by the reference engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCases } from './case-file.ts';
import { engines } from './engines.ts';
import { expectedLines, runCase } from './run-case.ts';

const folder = new URL('./cases/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .map((name) => ({ name, cases: parseCases(readFileSync(new URL(name, folder), 'utf8')) }));
const titles = files.flatMap(({ cases }) => cases.map(({ title }) => title));

describe.each(engines)('$name', ({ create }) => {
  describe.each(files)('$name', ({ cases }) => {
    it.each(cases)('line $line: $title', (golden) => {
      expect(runCase(golden, create(golden.limits))).toEqual(expectedLines(golden));
    });
  });
});

describe('the cases', () => {
  it('are at least 200, each of its own title', () => {
    expect(titles.length).toBeGreaterThanOrEqual(200);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it('name the rules they show, and leave out none', () => {
    expect(titles.filter((title) => !/^R\d+(, R\d+)*: /.test(title))).toEqual([]);
    const shown = new Set(titles.flatMap((title) => title.match(/R\d+/g) ?? []));
    const rules = Array.from({ length: 36 }, (_, i) => `R${i + 1}`);
    expect(rules.filter((rule) => !shown.has(rule))).toEqual([]);
  });
});
