import { describe, expect, it } from 'vitest';
import { choiceOf, defaultChoices, fieldsOf, parseChoices, problemOf } from './indicator-choices.ts';

describe('parseChoices', () => {
  it('reads what was stored, also none', () => {
    const chosen = [choiceOf('macd'), { ...choiceOf('sma'), length: 200 }, choiceOf('bollinger')];
    expect(parseChoices(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen);
    expect(parseChoices([])).toEqual([]);
  });

  it('takes nothing that is damaged, too many, or out of its range', () => {
    const sma = choiceOf('sma');
    for (const stored of [
      undefined,
      {},
      [sma, sma, sma, sma],
      [null],
      [{ kind: 'toString', length: 3 }],
      [{ kind: 'sma' }],
      [{ ...sma, length: 201 }],
      [{ ...sma, length: 1.5 }],
      [{ ...choiceOf('macd'), fastLength: 26 }],
    ])
      expect(parseChoices(stored)).toBe(undefined);
  });

  it('leaves out numbers that the kind does not have', () => {
    expect(parseChoices([{ ...choiceOf('rsi'), widthTenths: 7 }])).toEqual([choiceOf('rsi')]);
  });
});

describe('problemOf', () => {
  it('names the range, and has nothing to say of the defaults', () => {
    const [length] = fieldsOf('atr');
    expect(length && problemOf({ ...choiceOf('atr'), length: 101 }, length)).toBe('1 to 100');
    for (const choice of defaultChoices)
      expect(fieldsOf(choice.kind).map((field) => problemOf(choice, field))).toEqual(['']);
  });
});
