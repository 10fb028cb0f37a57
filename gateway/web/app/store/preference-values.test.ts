import { describe, expect, it } from 'vitest';
import { choiceOf } from './indicator-choices.ts';
import { defaultPreferences, parsePreferences } from './preference-values.ts';

describe('parsePreferences', () => {
  it('has a default for what is missing or damaged', () => {
    for (const text of [
      null,
      '',
      '{',
      '7',
      'null',
      '{"theme":"pink","largeOrder":-1,"singleKeys":"no","blotterHeight":1e9,"indicators":[{"kind":"x"}]}',
    ]) {
      expect(parsePreferences(text)).toEqual(defaultPreferences);
    }
  });

  it('reads what was stored', () => {
    const indicators = [choiceOf('rsi')];
    const own = { theme: 'dark', confirm: 'odd only', singleKeys: false, largeOrder: 5_000, indicators };
    const chosen = { ...defaultPreferences, ...own };
    expect(parsePreferences(JSON.stringify(chosen))).toEqual(chosen);
  });
});
