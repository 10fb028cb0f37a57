import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TradingConditionsSchema } from '#gen/outcry/user/v1/conditions_pb.ts';
import { bpsText, feeExample, limitRows } from './fee-text.ts';

describe('feeExample', () => {
  it('rounds up to the cent', () => {
    expect(feeExample('10000', 5)).toBe('5.00');
    expect(feeExample('0.01', 1)).toBe('0.01');
    expect(feeExample('10000', 0)).toBe('0.00');
  });
});

describe('bpsText', () => {
  it('is percent', () => expect(bpsText(5)).toBe('0.05\u2009%'));
});

describe('limitRows', () => {
  it('tells no limit from a limit of nothing', () => {
    const rows = Object.fromEntries(
      limitRows(create(TradingConditionsSchema, { orderNotionalMax: '0', openNotionalMax: '' })),
    );
    expect(rows['Value of an order']).toBe('0.00');
    expect(rows['Value of all open orders']).toBe('none');
  });
});
