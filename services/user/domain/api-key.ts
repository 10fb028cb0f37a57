/** API keys: what their owner may ask for, and whether one is still good. */

/** What a key may do; see the access rules of the contract. */
export type KeyScope = 'read' | 'trade' | 'money' | 'admin';

/** A key as its owner sees it. Times are of the service's clock. */
export type ApiKey = {
  /** UUIDv7. */
  keyId: string;
  accountId: string;
  /** How the key begins; it names the key. */
  prefix: string;
  name: string;
  scopes: KeyScope[];
  /** CIDR forms; empty: from everywhere. */
  allowedNetworks: string[];
  /** 0: no limit of its own. */
  callsPerSecondMax: number;
  createTime: Date;
  expireTime: Date | undefined;
  revokeTime: Date | undefined;
  lastUseTime: Date | undefined;
  /** Empty: not known. */
  lastUseAddress: string;
};

/** Keys of one account that are not revoked. */
export const keysMax = 20;
/** Keys of one account that are stored, revoked ones among them. */
export const storedKeysMax = 200;
/** Networks of one key. */
export const networksMax = 20;
/** Time in ms in which a repeat of the call that made a key is answered with its secret. */
export const secretRepeatedMs = 10 * 60_000;
/** Time in ms for which a key is listed after its end. */
export const endedKeyStoredMs = 30 * 24 * 3_600_000;
/** A use is noted when the last one that was noted is older than this, in ms. */
export const useNotedEveryMs = 60_000;
/** Life of the token that a key is exchanged for, in ms: longer than the time for which the exchange is remembered and a call may take. */
export const keyTokenLifetimeMs = 120_000;

const expireMinMs = 60_000;
const expireMaxMs = 5 * 366 * 24 * 3_600_000;
const nameLengthMax = 64;

/** What stands against a key. */
export type KeyProblem = 'revoked' | 'expired';

/** What stands against the key now; undefined when it is good. A key that was revoked and has expired is revoked. */
export function keyProblem(key: Pick<ApiKey, 'revokeTime' | 'expireTime'>, nowMs: number): KeyProblem | undefined {
  if (key.revokeTime !== undefined) return 'revoked';
  return key.expireTime !== undefined && key.expireTime.getTime() <= nowMs ? 'expired' : undefined;
}

/** What is wrong with the end of a new key. */
export function expireTimeProblem(expireTime: Date | undefined, nowMs: number): string | undefined {
  if (expireTime === undefined) return undefined;
  const leftMs = expireTime.getTime() - nowMs;
  return leftMs >= expireMinMs && leftMs <= expireMaxMs ? undefined : 'must be 1 minute to 5 years from now';
}

/** What is wrong with the length of a name whose characters were checked. */
export function keyNameProblem(name: string): string | undefined {
  return [...name].length > nameLengthMax ? `must have at most ${nameLengthMax} characters` : undefined;
}

/** The scopes without repeats in their fixed order. */
export function normaliseScopes(scopes: readonly KeyScope[]): KeyScope[] {
  const order: KeyScope[] = ['read', 'trade', 'money', 'admin'];
  return order.filter((scope) => scopes.includes(scope));
}
