/** Whose account a call concerns. */
import type { DescMethod } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument, notFound, unauthenticated } from '#platform/errors/outcry-error.ts';
import { accessRule, hasAnyRole } from './access.ts';
import type { Caller, UserClaims } from './claims.ts';

/** Who calls what: the part of a call's context that decides whose account it concerns. */
export type CallIdentity = { readonly caller: Caller; readonly method: DescMethod };

/** The user behind the call. Throws UNAUTHENTICATED when there is none. */
export function requireUser(context: Pick<CallIdentity, 'caller'>): UserClaims {
  const { user } = context.caller;
  if (user === undefined) throw unauthenticated(ErrorReason.TOKEN_MISSING, 'this call needs the token of a user');
  return user;
}

/**
 * Whether the caller may name other people's accounts and objects: by the RPC's any_owner_roles, with an API key only if it has the scope
 * admin, or as a named service.
 */
export function mayNameAnyOwner({ caller, method }: CallIdentity): boolean {
  const rule = accessRule(method);
  if (rule === undefined) return false;
  if (caller.service !== undefined && rule.services.includes(caller.service)) return true;
  const { key } = caller.user ?? {};
  if (key !== undefined && !key.scopes.includes('admin')) return false;
  return hasAnyRole(caller, rule.anyOwnerRoles);
}

/**
 * The account that a request concerns: `requested`, or the caller's own when it is empty. Throws NOT_FOUND for another's
 * account unless the caller may name any, INVALID_ARGUMENT when a service names none.
 */
export function resolveAccountId(context: CallIdentity, requested: string): string {
  const { user } = context.caller;
  if (requested === '') {
    if (user !== undefined) return user.userId;
    if (context.caller.service !== undefined) throw invalidArgument('account_id', 'is required from a service');
    return requireUser(context).userId;
  }
  if (requested === user?.userId || mayNameAnyOwner(context)) return requested;
  throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
}
