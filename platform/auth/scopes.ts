/** The scopes of API keys, and which of them an RPC needs. */
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { type AccessRule, Role, Scope } from '#gen/outcry/access/v1/access_pb.ts';

/** What an API key may do. */
export type KeyScope = 'read' | 'trade' | 'money' | 'admin';

/** The scopes by their numbers in the contract. SESSION is not among them: no key has it. */
export const keyScopes: ReadonlyMap<Scope, KeyScope> = new Map([
  [Scope.READ, 'read'],
  [Scope.TRADE, 'trade'],
  [Scope.MONEY, 'money'],
  [Scope.ADMIN, 'admin'],
]);

/**
 * The scope that a key needs for an RPC for people: the stated one; else none (UNSPECIFIED) where anonymous may call, ADMIN where no plain
 * user may call, READ without side effects. An RPC that states none is for sessions.
 */
export function neededScope(method: DescMethod, { roles, scope }: AccessRule): Scope {
  return impliedScope(method, roles, scope) ?? Scope.SESSION;
}

/** Whether the contract says which scope an RPC needs; RPCs for services need none. */
export function saysScope(method: DescMethod, { roles, scope }: AccessRule): boolean {
  return roles.length === 0 || impliedScope(method, roles, scope) !== undefined;
}

function impliedScope(method: DescMethod, roles: readonly Role[], stated: Scope): Scope | undefined {
  if (stated !== Scope.UNSPECIFIED) return stated;
  if (roles.includes(Role.ANONYMOUS)) return Scope.UNSPECIFIED;
  if (!roles.includes(Role.USER)) return Scope.ADMIN;
  const level = method.proto.options?.idempotencyLevel;
  return level === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS ? Scope.READ : undefined;
}
