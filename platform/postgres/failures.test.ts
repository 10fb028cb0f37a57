import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { isConnectionFailure, toCallerError } from './failures.ts';

const withCode = (code: string) => Object.assign(new Error('failed'), { code });

describe('toCallerError', () => {
  it.each(['57P01', '57P03', '57P05', '25P03', '25006', '08006', '53300'])('closes the connection after %s', (code) => {
    expect(isConnectionFailure(withCode(code))).toBe(true);
    const reason = ErrorReason.DEPENDENCY_UNAVAILABLE;
    expect(toCallerError(withCode(code))).toMatchObject({ code: Code.UNAVAILABLE, reason });
  });

  it.each(['53100', '53200', '58030', '57014', '55P03'])('calls the database overloaded after %s', (code) => {
    expect(isConnectionFailure(withCode(code))).toBe(false);
    expect(toCallerError(withCode(code))).toMatchObject({ code: Code.UNAVAILABLE, reason: ErrorReason.OVERLOADED });
  });

  it.each(['23505', '42P01', '22003', '40001'])('leaves %s as it is', (code) => {
    const error = withCode(code);
    expect(toCallerError(error)).toBe(error);
  });
});
