import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { EchoService } from '#platform/rpc/testing/echo-contract.ts';
import type { Caller, Role } from './claims.ts';
import { requireUser, resolveAccountId } from './ownership.ts';

const other = uuidV7();
const userOf = (...roles: Role[]): Caller => ({
  user: { userId: uuidV7(), roles, email: '', sessionId: '', house: false, token: '' },
});
// Read lets operators name any owner; Audit is open to the order service.
const reading = (caller: Caller) => ({ caller, method: EchoService.method.read });
const auditing = (caller: Caller) => ({ caller, method: EchoService.method.audit });
const notFound = expect.objectContaining({ code: Code.NOT_FOUND, reason: ErrorReason.ACCOUNT_NOT_FOUND });

describe('resolveAccountId', () => {
  it('is the caller’s own account when none or that one is named', () => {
    const caller = userOf('user');
    expect(resolveAccountId(reading(caller), '')).toBe(caller.user?.userId);
    expect(resolveAccountId(reading(caller), caller.user?.userId ?? '')).toBe(caller.user?.userId);
  });

  it('another’s account is NOT_FOUND to a user, and to a role that the contract does not name', () => {
    for (const caller of [userOf('user'), userOf('admin'), userOf()]) {
      expect(() => resolveAccountId(reading(caller), other)).toThrow(notFound);
    }
  });

  it('an operator may name any account where the contract says so, and only there', () => {
    expect(resolveAccountId(reading(userOf('operator')), other)).toBe(other);
    expect(() => resolveAccountId(auditing(userOf('operator')), other)).toThrow(notFound);
  });

  it('a service that the contract names may name any account, and must name one', () => {
    expect(resolveAccountId(auditing({ service: 'order' }), other)).toBe(other);
    expect(() => resolveAccountId(auditing({ service: 'market' }), other)).toThrow(notFound);
    expect(() => resolveAccountId(auditing({ service: 'order' }), '')).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT }),
    );
  });
});

describe('requireUser', () => {
  it('throws UNAUTHENTICATED when there is no user', () => {
    expect(() => requireUser({ caller: { service: 'order' } })).toThrow(
      expect.objectContaining({ code: Code.UNAUTHENTICATED }),
    );
  });
});
