import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benches } from './catalogue.ts';

describe('benches', () => {
  it('each have their row in the README, in the same order', () => {
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual(benches.map(({ name }) => name));
  });
});
