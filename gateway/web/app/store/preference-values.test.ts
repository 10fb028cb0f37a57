import { describe, expect, it } from 'vitest';
import { defaultPreferences, parsePreferences } from './preference-values.ts';

describe('parsePreferences', () => {
  it('has a default for what is missing or damaged', () => {
    for (const text of [
      null,
      '',
      '{',
      '7',
      'null',
      '{"theme":"pink","largeOrder":-1,"singleKeys":"no","blotterHeight":1e9}',
    ]) {
      expect(parsePreferences(text)).toEqual(defaultPreferences);
    }
  });

  it('reads what was stored', () => {
    const chosen = { ...defaultPreferences, theme: 'dark', confirm: 'odd only', singleKeys: false, largeOrder: 5_000 };
    expect(parsePreferences(JSON.stringify(chosen))).toEqual(chosen);
  });
});
