import { create } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { describeFailure, toCallFailure } from './call-failure.ts';

function errorOf(code: Code, { reason = '', domain = 'outcry', metadata = {} } = {}): ConnectError {
  const error = new ConnectError('it is so', code);
  if (reason !== '') error.details.push({ desc: ErrorInfoSchema, value: { reason, domain, metadata } });
  return error;
}

describe('toCallFailure', () => {
  it('takes for decided only what one of our services gave a reason for', () => {
    const kindOf = (error: unknown) => toCallFailure(error).kind;
    expect(kindOf(errorOf(Code.FailedPrecondition, { reason: 'CASH_INSUFFICIENT' }))).toBe('refused');
    expect(kindOf(errorOf(Code.NotFound, { reason: 'SYMBOL_UNKNOWN' }))).toBe('refused');
    expect(kindOf(errorOf(Code.Unauthenticated, { reason: 'TOKEN_MISSING' }))).toBe('not-signed-in');
    expect(kindOf(errorOf(Code.FailedPrecondition))).toBe('no-answer');
    expect(kindOf(errorOf(Code.PermissionDenied, { reason: 'RBAC', domain: 'a proxy' }))).toBe('no-answer');
    expect(kindOf(new Error('socket hang up'))).toBe('no-answer');
  });

  it.each([
    Code.Unavailable,
    Code.DeadlineExceeded,
    Code.Canceled,
    Code.Unknown,
    Code.Internal,
    Code.Aborted,
    Code.ResourceExhausted,
  ])('leaves the outcome open for code %i, with a reason too', (code) => {
    const failure = toCallFailure(errorOf(code, { reason: 'OVERLOADED' }));
    expect(failure).toMatchObject({ kind: 'no-answer', isOpen: true });
  });

  it('reads when to come back', () => {
    const error = errorOf(Code.ResourceExhausted, { reason: 'RATE_LIMITED' });
    const retryDelay = create(DurationSchema, { seconds: 2n, nanos: 500_000_000 });
    error.details.push({ desc: RetryInfoSchema, value: { retryDelay } });
    expect(toCallFailure(error).retryDelayMs).toBe(2_500);
  });
});

describe('describeFailure', () => {
  it('has reason and numbers, or the fields that are wrong', () => {
    const metadata = { needed: '9.00', available: '1.00' };
    const refused = errorOf(Code.FailedPrecondition, { reason: 'CASH_INSUFFICIENT', metadata });
    expect(describeFailure(toCallFailure(refused))).toBe(
      'refused: CASH_INSUFFICIENT: it is so (needed 9.00, available 1.00)',
    );
    const wrong = errorOf(Code.InvalidArgument, { reason: 'INVALID_FIELD' });
    const fieldViolations = [{ field: 'terms.limit_price', description: 'is missing' }];
    wrong.details.push({ desc: BadRequestSchema, value: { fieldViolations } });
    expect(describeFailure(toCallFailure(wrong))).toBe('refused: INVALID_FIELD: terms.limit_price is missing');
  });
});
