import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { failureOf, failureText, isOutcomeUnknown } from './failure.ts';

function failed(message: string, code: Code, debug: object): ConnectError {
  const error = new ConnectError(message, code, { 'x-request-id': 'r-1' });
  error.details.push({ type: 'any', value: new Uint8Array(), debug } as (typeof error.details)[number]);
  return error;
}

describe('failureOf', () => {
  it('has the reason, its numbers and the request id', () => {
    const metadata = { needed: '10.00', available: '4.00' };
    const failure = failureOf(
      failed('there is too little cash', Code.FailedPrecondition, { reason: 'CASH_INSUFFICIENT', metadata }),
    );
    expect(failure).toMatchObject({ reason: 'CASH_INSUFFICIENT', metadata, requestId: 'r-1', violations: [] });
    expect(isOutcomeUnknown(failure)).toBe(false);
  });

  it('takes anything that was thrown', () => {
    const failure = failureOf(new TypeError('Failed to fetch'));
    expect(failure).toMatchObject({ code: Code.Unavailable, reason: '', requestId: '' });
    expect(failureText(failure)).toBe('The server cannot be reached at the moment.');
    expect(failureOf(new TypeError('x is undefined')).code).toBe(Code.Unknown);
    expect(isOutcomeUnknown(failure)).toBe(true);
  });
});

describe('failureText', () => {
  it('names the field in words', () => {
    const fieldViolations = [{ field: 'terms.limit_price', description: 'must be a decimal' }];
    expect(failureText(failureOf(failed('bad', Code.InvalidArgument, { fieldViolations })))).toBe(
      'Limit price must be a decimal.',
    );
  });

  it('says that the server cannot be reached', () => {
    expect(failureText(failureOf(new ConnectError('fetch failed', Code.Unavailable)))).toBe(
      'The server cannot be reached at the moment.',
    );
  });
});
