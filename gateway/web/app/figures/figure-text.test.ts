import { describe, expect, it } from 'vitest';
import { directionOf, exactAmount, exactMoney, figureText, volumeText } from './figure-text.ts';

describe('figureText', () => {
  it('has groups, fixed places, and a true minus', () => {
    expect(figureText('-1234567.5', { places: 2 })).toBe('\u22121,234,567.50');
    expect(figureText('186.203333', { places: 2 })).toBe('186.20');
    expect(figureText('10.0000', { places: 4, trimmed: true })).toBe('10');
    expect(['0.74892', '-1497.84', '5'].map((text) => figureText(text, exactMoney))).toEqual([
      '0.74892',
      '\u22121,497.84',
      '5.00',
    ]);
  });

  it('has a plus on changes, none on zero', () => {
    expect(figureText('0.42', { signed: true, unit: '%' })).toBe('+0.42\u2009%');
    expect(figureText('-0.00', { signed: true, places: 2 })).toBe('0.00');
    expect(figureText('-0.004', { places: 2 })).toBe('0.00');
  });

  it('is a dash for none, never 0', () => {
    for (const none of ['', undefined, 'n/a']) expect(figureText(none)).toBe('\u2013');
  });
});

describe('exactAmount', () => {
  it('cuts nothing off, so that lines add up to their sum', () => {
    const lines = ['4999.995', '-0.000123', '0.005', '10'].map((amount) => figureText(amount, exactAmount));
    expect(lines).toEqual(['4,999.995', '\u22120.000123', '0.005', '10.00']);
  });
});

describe('volumeText', () => {
  it('shortens only from a million on', () => {
    expect(volumeText('999999.5')).toBe('999,999');
    expect(volumeText('1234500')).toBe('1.23\u2009M');
    expect(volumeText('')).toBe('\u2013');
  });
});

describe('directionOf', () => {
  it('follows the sign', () => {
    expect(['1', '-0.01', '0.00', ''].map(directionOf)).toEqual(['up', 'down', 'flat', 'flat']);
  });
});
