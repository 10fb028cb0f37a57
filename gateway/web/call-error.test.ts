import { describe, expect, it } from 'vitest';
import { CallError, callErrorFrom, errorText, isOutcomeUnknown, refusalText } from './call-error.ts';

describe('callErrorFrom', () => {
  it('finds the reason, its numbers and what is wrong with a field', () => {
    const error = callErrorFrom({
      code: 'invalid_argument',
      message: 'terms.quantity: must be a multiple of the lot 1',
      details: [
        { debug: { reason: 'QUANTITY_NOT_ON_LOT', metadata: { quantity: '10.5', lot: '1' } } },
        { debug: { fieldViolations: [{ field: 'terms.quantity', description: 'must be a multiple of the lot 1' }] } },
      ],
    });
    expect(error).toMatchObject({ code: 'invalid_argument', reason: 'QUANTITY_NOT_ON_LOT' });
    expect(errorText(error)).toBe('Quantity must be a multiple of the lot 1 (quantity 10.5, lot 1).');
  });

  it('has defaults for a body without details', () => {
    expect(errorText(callErrorFrom({}))).toBe('The call failed.');
  });
});

describe('errorText', () => {
  it('states a refusal with its numbers, without the id of the order', () => {
    const metadata = { needed: '10', available: '4', held: '0', order_id: '01a1' };
    const error = new CallError({ code: 'failed_precondition', message: 'there are too few shares', metadata });
    expect(errorText(error)).toBe('There are too few shares (needed 10, available 4, held 0).');
  });

  it('has nothing internal in it', () => {
    expect(errorText(new TypeError('x is not a function'))).toBe('The page could not do this.');
  });
});

describe('refusalText', () => {
  it('states the reason stored with an order', () => {
    const refusal = { reason: 'ERROR_REASON_CASH_INSUFFICIENT', metadata: { needed: '10.00' } };
    expect(refusalText(refusal)).toBe('Cash insufficient (needed 10.00).');
  });
});

describe('isOutcomeUnknown', () => {
  it('holds where the call may have been carried out, not where it was refused', () => {
    const codes = ['unavailable', 'deadline_exceeded', 'canceled', 'failed_precondition', 'already_exists'];
    const outcomes = codes.map((code) => isOutcomeUnknown(new CallError({ code, message: '' })));
    expect(outcomes).toEqual([true, true, true, false, false]);
  });
});
