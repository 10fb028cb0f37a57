import { describe, expect, it } from 'vitest';
import { grouped, inCents, signed, words } from './format.ts';

describe('grouped', () => {
  it('separates thousands of the whole part only, however long the decimal is', () => {
    const decimals = ['0', '999.123456', '1000', '-1234567.50', '123456789012345678.000001', ''];
    expect(decimals.map(grouped)).toEqual([
      '0',
      '999.123456',
      '1,000',
      '-1,234,567.50',
      '123,456,789,012,345,678.000001',
      '',
    ]);
  });
});

describe('inCents', () => {
  it('cuts what is less than a cent', () => {
    const amounts = ['49950.016925', '-0.019999', '1000.00', undefined];
    expect(amounts.map(inCents)).toEqual(['49,950.01', '-0.01', '1,000.00', '']);
  });
});

describe('signed', () => {
  it('shows which way a figure went', () => {
    expect(['12.5', '-12.5', '0.00', '', undefined].map(signed)).toEqual(['+12.5', '-12.5', '0.00', '', '']);
  });
});

describe('words', () => {
  it('makes words of a name', () => {
    expect(words('ORDER_STATUS_PARTIALLY_FILLED', 'ORDER_STATUS_')).toBe('partially filled');
  });
});
