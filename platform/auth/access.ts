/** The access rule that each RPC states in its contract, and its enforcement. */
import type { DescMethod } from '@bufbuild/protobuf';
import { getOption, hasOption } from '@bufbuild/protobuf';
import type { AccessRule } from '#gen/outcry/access/v1/access_pb.ts';
import { access, Role as ContractRole, type Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { permissionDenied, unauthenticated } from '#platform/errors/outcry-error.ts';
import type { Caller, KeyClaims, Role } from './claims.ts';
import { keyScopes, neededScope } from './scopes.ts';

const contractRoles: Record<Role, ContractRole> = {
  user: ContractRole.USER,
  operator: ContractRole.OPERATOR,
  admin: ContractRole.ADMIN,
};

const rules = new WeakMap<DescMethod, AccessRule>();

/** The `(outcry.access.v1.access)` option of the RPC, with the scope that it needs filled in; undefined when it has none. */
export function accessRule(method: DescMethod): AccessRule | undefined {
  const known = rules.get(method);
  if (known !== undefined) return known;
  if (!hasOption(method, access)) return undefined;
  const rule = getOption(method, access);
  rule.scope = neededScope(method, rule);
  rules.set(method, rule);
  return rule;
}

/** The service that forwards users' calls: it may call every RPC that names roles. */
export const gatewayService = 'gateway';

/**
 * Throws UNAUTHENTICATED or PERMISSION_DENIED unless the rule allows one of the user's roles, and the scopes of the API key if there is
 * one, or the calling service. A service that the rule does not name is refused even with the token of a user who has the role, as the
 * mesh refuses it.
 */
export function checkAccess(rule: AccessRule, caller: Caller): void {
  if (caller.service !== undefined && !mayReach(rule, caller.service)) {
    throw permissionDenied(ErrorReason.SERVICE_NOT_ALLOWED, 'this service may not call this');
  }
  if (rule.roles.includes(ContractRole.ANONYMOUS)) return;
  if (hasAnyRole(caller, rule.roles)) {
    if (caller.user?.key !== undefined) checkScope(rule.scope, caller.user.key);
    return;
  }
  if (caller.service !== undefined && rule.services.includes(caller.service)) return;
  if (caller.user !== undefined) {
    throw permissionDenied(ErrorReason.ROLE_NOT_ALLOWED, 'your role may not call this');
  }
  // The gateway forwards anonymous calls with its own service token; such a call is unauthenticated all the same.
  throw unauthenticated(ErrorReason.TOKEN_MISSING, 'this call needs a token');
}

function checkScope(scope: Scope, { scopes }: KeyClaims): void {
  const needed = keyScopes.get(scope);
  if (needed === undefined)
    throw permissionDenied(ErrorReason.SESSION_REQUIRED, 'an API key may not call this; log in');
  if (scopes.includes(needed)) return;
  throw permissionDenied(ErrorReason.API_KEY_SCOPE_MISSING, `this call needs a key with the scope ${needed}`, {
    scope: needed,
  });
}

function mayReach({ roles, services, meshCallers }: AccessRule, service: string): boolean {
  if (roles.length > 0 && service === gatewayService) return true;
  return services.includes(service) || meshCallers.includes(service);
}

/** Whether the user behind the call has one of the roles. */
export function hasAnyRole(caller: Caller, roles: readonly ContractRole[]): boolean {
  return caller.user?.roles.some((role) => roles.includes(contractRoles[role])) ?? false;
}
