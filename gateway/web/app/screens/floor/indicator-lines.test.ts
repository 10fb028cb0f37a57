import { describe, expect, it } from 'vitest';
import { choiceOf } from '../../store/indicator-choices.ts';
import { choiceText, linesOf, lineText, valueText } from './indicator-lines.ts';

describe('linesOf', () => {
  it('has a line for each value of a row, told apart by pattern, and those of another scale beside the prices', () => {
    const lines = linesOf([choiceOf('ema'), choiceOf('bollinger'), choiceOf('macd')]);
    expect(lines.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(lines.map(({ pattern }) => pattern)).toEqual([
      ...['solid', 'dashed', 'dashed', 'dashed'],
      ...['solid', 'dashed', 'dotted'],
    ]);
    expect(lines.map(({ isPrice }) => isPrice)).toEqual([true, true, true, true, false, false, false]);
  });
});

describe('choiceText', () => {
  it('names the numbers that were chosen', () => {
    expect(choiceText(choiceOf('sma'))).toBe('SMA 20');
    expect(choiceText(choiceOf('macd'))).toBe('MACD 12, 26, 9');
    const bands = choiceOf('bollinger');
    expect(lineText(bands, linesOf([bands])[2] ?? expect.fail())).toBe('Bollinger 20, 2.0 lower');
  });
});

describe('valueText', () => {
  it('has the places of averages, of an index two, and a dash for none', () => {
    expect(valueText('180.123456', 'sma', 4)).toBe('180.1234');
    expect(valueText('-0.50', 'macd', 4)).toBe('\u22120.5000');
    expect(valueText('55.555555', 'rsi', 4)).toBe('55.55');
    expect(valueText('', 'sma', 4)).toBe('\u2013');
  });
});
