import type { JWK } from 'jose';
import { isKeyOf, makeServiceKey } from '#platform/auth/service-keys.ts';

/** The private keys of a service: the one that signs, and the one that signs after the next rotation. */
export type OwnKeys = readonly JWK[];

/** The keys of a cluster. */
export type ClusterKeys = {
  /** By service. */
  own: ReadonlyMap<string, OwnKeys>;
  /** The public keys that all services accept. */
  listed: readonly JWK[];
};

/** Makes keys for the services that have none, and lists the public half of every key. What is listed already stays. */
export function completeKeys({ own, listed }: ClusterKeys, services: readonly string[]): ClusterKeys {
  const missing = services.filter((service) => (own.get(service) ?? []).length === 0);
  const all = new Map([...own, ...missing.map((service) => [service, [makeKey(service), makeKey(service)]] as const)]);
  return { own: all, listed: listKeys([...listed, ...[...all.values()].flat().map(publicHalf)]) };
}

/**
 * Lets the next key of a service sign, and makes another for after it. All three stay listed: the next one has been for as long as the last rotation is
 * ago, so that no service has to learn of it first, and tokens of the former one are accepted to their end.
 */
export function rotateKeys(keys: ClusterKeys, service: string): ClusterKeys {
  const [former, next = makeKey(service)] = keys.own.get(service) ?? [];
  const own = [next, makeKey(service)];
  return replaceKeys(keys, service, { own, accepted: former === undefined ? own : [former, ...own] });
}

/** Makes new keys for a service and forgets all that it had, as when others have seen them. Its calls fail until all pods have the new ones. */
export function forgetKeys(keys: ClusterKeys, service: string): ClusterKeys {
  const own = [makeKey(service), makeKey(service)];
  return replaceKeys(keys, service, { own, accepted: own });
}

function replaceKeys(
  keys: ClusterKeys,
  service: string,
  { own, accepted }: { own: OwnKeys; accepted: readonly JWK[] },
): ClusterKeys {
  const ofOthers = keys.listed.filter(({ kid = '' }) => !isKeyOf(service, kid));
  return {
    own: new Map([...keys.own, [service, own]]),
    listed: listKeys([...ofOthers, ...accepted.map(publicHalf)]),
  };
}

function makeKey(service: string): JWK {
  return makeServiceKey(service).privateKey;
}

function publicHalf({ d, ...publicKey }: JWK): JWK {
  return publicKey;
}

function listKeys(keys: readonly JWK[]): JWK[] {
  return [...new Map(keys.map((key) => [key.kid ?? '', key])).values()];
}
