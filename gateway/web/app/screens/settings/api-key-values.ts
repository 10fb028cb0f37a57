/** API keys in words, and the request that a form makes. */
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import type { ApiKey } from '#gen/outcry/user/v1/api_key_pb.ts';
import { millisOf, timestampOf } from '../../figures/time-text.ts';

/** What a key may do, from least to most. */
export const grants = [
  { value: 'read', text: 'read', scopes: [Scope.READ] },
  { value: 'trade', text: 'read and trade', scopes: [Scope.READ, Scope.TRADE] },
  { value: 'money', text: 'read, trade and move money', scopes: [Scope.READ, Scope.TRADE, Scope.MONEY] },
] as const;

/** The form of a new key. */
export type KeyForm = { name: string; grant: (typeof grants)[number]['value']; networks: string; endDate: string };

/** What the form asks for; the key ends at the end of its last day, UTC. */
export function keyRequestOf({ name, grant, networks, endDate }: KeyForm) {
  const endMs = Date.parse(`${endDate}T23:59:59Z`);
  return {
    name: name.trim(),
    scopes: [...(grants.find(({ value }) => value === grant)?.scopes ?? [Scope.READ])],
    allowedNetworks: networks.split(/[\s,]+/).filter((network) => network !== ''),
    ...(endDate !== '' && { expireTime: { $typeName: 'google.protobuf.Timestamp' as const, ...timestampOf(endMs) } }),
  };
}

/** What a key may do, such as `read, trade`. */
export function scopesText(scopes: readonly Scope[]): string {
  const names: Partial<Record<Scope, string>> = {
    [Scope.READ]: 'read',
    [Scope.TRADE]: 'trade',
    [Scope.MONEY]: 'money',
    [Scope.ADMIN]: 'staff',
  };
  return scopes.map((scope) => names[scope] ?? 'other').join(', ');
}

/** Whether a key can still be used. */
export function keyState({ revokeTime, expireTime }: ApiKey, nowMs: number): 'good' | 'revoked' | 'expired' {
  if (revokeTime !== undefined) return 'revoked';
  return (millisOf(expireTime) ?? Number.POSITIVE_INFINITY) <= nowMs ? 'expired' : 'good';
}
