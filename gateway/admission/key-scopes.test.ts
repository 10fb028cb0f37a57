/** Which API key may call which RPC: every public RPC x every scope, against a list that a change of the contracts must be made in too. */
import type { DescMethod } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule, checkAccess } from '#platform/auth/access.ts';
import type { Role as RoleName } from '#platform/auth/claims.ts';
import type { KeyScope } from '#platform/auth/scopes.ts';
import { reasonName } from '#platform/errors/details.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { publicServices } from '../contracts.ts';

/** What changes something for people, by the scope that lets a key call it. All else that a plain user may call is for reading. */
const writes: Record<Exclude<KeyScope, 'admin'> | 'session', readonly string[]> = {
  read: ['NotificationService/MarkMessageRead'],
  trade: [
    'AutoService/CreateRule',
    'AutoService/DeleteRule',
    'AutoService/SetRuleEnabled',
    'OrderService/CancelAllOrders',
    'OrderService/CancelOrder',
    'OrderService/CancelOrders',
    'OrderService/ChangeOrders',
    'OrderService/CloseAllPositions',
    'OrderService/ClosePosition',
    'OrderService/KeepSessionAlive',
    'OrderService/PlaceOrder',
    'OrderService/PlaceOrderList',
    'OrderService/PlaceOrders',
    'OrderService/ReplaceOrder',
    'PortfolioService/SetLotMethod',
  ],
  money: ['LedgerService/Deposit', 'LedgerService/Withdraw'],
  session: [
    'ApiKeyService/CreateApiKey',
    'ApiKeyService/RevokeApiKey',
    'NotificationService/SetPreferences',
    'SessionService/RevokeSession',
    'SessionService/LogOut',
    'SessionService/LogOutEverywhere',
    'UserService/ChangePassword',
    'UserService/UpdateProfile',
  ],
};
const changes =
  /^(Cancel|Change|Close|Create|Delete|Deposit|Drop|Issue|KeepSessionAlive|LogOut|Mark|Place|Redrive|Replace|Revoke|Set|Update|Withdraw)/;

const scopes: readonly KeyScope[] = ['read', 'trade', 'money', 'admin'];
const nameOf = ({ parent, name }: DescMethod) => `${parent.name}/${name}`;
const methods = publicServices.flatMap((service) => service.methods);
const rolesOf = (method: DescMethod): readonly Role[] => accessRule(method)?.roles ?? [];
const forUsers = methods.filter((method) => rolesOf(method).includes(Role.USER));

/** What an RPC answers to a key with one scope, of an owner with all roles unless others are given. */
function answer(method: DescMethod, scope: KeyScope, roles: RoleName[] = ['user', 'operator', 'admin']): string {
  const rule = accessRule(method);
  if (rule === undefined) throw new Error(`${nameOf(method)} has no rule`);
  const key = { keyId: 'k', scopes: [scope], callsPerSecondMax: 0 };
  try {
    checkAccess(rule, { user: { userId: 'u', roles, email: '', sessionId: '', house: false, token: '', key } });
    return 'allowed';
  } catch (error) {
    return error instanceof OutcryError ? reasonName(error.reason) : 'a fault';
  }
}

function expectedScope(method: DescMethod): KeyScope | 'session' {
  const [stated] = Object.entries(writes).find(([, names]) => names.includes(nameOf(method))) ?? [];
  if (stated !== undefined) return stated as KeyScope | 'session';
  return rolesOf(method).includes(Role.USER) ? 'read' : 'admin';
}

describe('the scopes of API keys', () => {
  it.each(methods.map((method) => [nameOf(method), method] as const))('%s', (_, method) => {
    const isOpen = rolesOf(method).includes(Role.ANONYMOUS);
    const expected = expectedScope(method);
    for (const scope of scopes) {
      const refusal = expected === 'session' ? 'SESSION_REQUIRED' : 'API_KEY_SCOPE_MISSING';
      const wanted = isOpen || scope === expected ? 'allowed' : refusal;
      expect(`${scope}: ${answer(method, scope)}`).toBe(`${scope}: ${wanted}`);
    }
  });

  it('list every RPC for users that changes something, and nothing else', () => {
    const changing = forUsers.filter(({ name }) => changes.test(name)).map(nameOf);
    expect(Object.values(writes).flat().sort()).toEqual(changing.sort());
  });

  it('give no right that the role of the owner does not give', () => {
    const staffOnly = methods.filter((method) => !rolesOf(method).some((role) => role <= Role.USER));
    expect(staffOnly.length).toBeGreaterThan(10);
    for (const method of staffOnly) expect(answer(method, 'admin', ['user'])).toBe('ROLE_NOT_ALLOWED');
  });
});
