import { describe, expect, it } from 'vitest';
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { UserAdminService, UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { accessRule, checkAccess } from './access.ts';
import type { Caller } from './claims.ts';
import { mayNameAnyOwner } from './ownership.ts';
import type { KeyScope } from './scopes.ts';

const { placeOrder, getOrder } = OrderService.method;

function callerWith(scopes: KeyScope[], roles: ('user' | 'operator')[] = ['user']): Caller {
  const key = { keyId: 'k', scopes, callsPerSecondMax: 0 };
  return { user: { userId: 'u', roles, email: '', sessionId: '', house: false, token: '', key } };
}

function check(method: typeof placeOrder | typeof getOrder, caller: Caller): unknown {
  const rule = accessRule(method);
  if (rule === undefined) throw new Error('no rule');
  try {
    checkAccess(rule, caller);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the scope of an RPC', () => {
  it('is the stated one, else what the access of the RPC implies', () => {
    expect(accessRule(placeOrder)?.scope).toBe(Scope.TRADE);
    expect(accessRule(getOrder)?.scope).toBe(Scope.READ);
    expect(accessRule(UserService.method.changePassword)?.scope).toBe(Scope.SESSION);
    expect(accessRule(UserAdminService.method.listUsers)?.scope).toBe(Scope.ADMIN);
    expect(accessRule(SessionService.method.logIn)?.scope).toBe(Scope.UNSPECIFIED);
  });

  it('is what a key must have, and names what is missing', () => {
    expect(check(placeOrder, callerWith(['trade']))).toBeUndefined();
    expect(check(placeOrder, callerWith(['read', 'money', 'admin']))).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.API_KEY_SCOPE_MISSING,
      metadata: { scope: 'trade' },
    });
  });

  it('lets a key name other accounts with the scope admin alone', () => {
    const named = (scopes: KeyScope[]) =>
      mayNameAnyOwner({ method: getOrder, caller: callerWith(scopes, ['operator']) });
    expect(named(['read', 'trade', 'money'])).toBe(false);
    expect(named(['read', 'admin'])).toBe(true);
  });
});
