/** API keys as every server accepts them: each is exchanged for a token at the user service, and the answer remembered for a while. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError, permissionDenied, resourceExhausted, unauthenticated } from '#platform/errors/outcry-error.ts';
import type { ApiKeyVerdict } from './api-key-verdict.ts';
import type { UserClaims } from './claims.ts';
import { createNetworkList, type NetworkList } from './networks.ts';

/** Asks the user service; `clientAddress` is empty where it is not known. */
export type VerifyApiKey = (apiKey: string, clientAddress: string) => Promise<ApiKeyVerdict>;

/** Verifies keys. */
export type ApiKeyVerifier = {
  /** The owner of a key that is remembered and may be used from the address; else undefined. Never throws. */
  recall(apiKey: string, address: string | undefined): UserClaims | undefined;
  /** The owner of a key. Rejects with UNAUTHENTICATED, PERMISSION_DENIED, RESOURCE_EXHAUSTED or UNAVAILABLE. */
  authenticate(apiKey: string, address: string | undefined): Promise<UserClaims>;
};

type Accepted = { claims: UserClaims; networks: NetworkList | undefined; renewTimeMs: number; untilMs: number };
type Refused = { refusal: ErrorReason; untilMs: number };
type Known = Accepted | Refused;

/** A key that was revoked is refused once this time, in ms, has passed. */
export const keyRememberedMs = 60_000;
// A key in use is asked about again in the background, so that its calls wait for nothing.
const renewAfterMs = 20_000;
const renewAgainAfterMs = 1_000;
const refusalRememberedMs = 5_000;
const knownMax = 10_000;
const refusedMax = 1_000;
const askingMax = 256;
const retryDelayMs = 500;
const keyPattern = /^ok_[A-Za-z0-9_-]{20,100}$/;

/** Whether a token is an API key, or has its form. */
export function isApiKey(token: string): boolean {
  return token.startsWith('ok_');
}

/** Whether an `authorization` value has an API key in it. */
export function namesApiKey(authorization: string | undefined): boolean {
  return authorization !== undefined && /^bearer +ok_/i.test(authorization);
}

/**
 * A verifier that remembers at most 10,000 good keys, for a minute from when they were asked about, and 1,000 refused ones, for five seconds. At
 * most 256 keys are asked about at once; further ones are refused OVERLOADED. `readToken` verifies the token that a key is exchanged for.
 */
export function createApiKeyVerifier(options: {
  verify: VerifyApiKey;
  readToken: (token: string) => Promise<UserClaims>;
  now?: () => number;
}): ApiKeyVerifier {
  const { verify, readToken, now = Date.now } = options;
  const known = new Map<string, Accepted>();
  // Apart, so that made-up keys push no good one out.
  const refused = new Map<string, Refused>();
  const asking = new Map<string, Promise<Known>>();

  const ask = async (apiKey: string, address: string): Promise<Known> => {
    // Counted from the question: what was revoked while the answer was on its way is refused in time too.
    const askedTimeMs = now();
    const verdict = await verify(apiKey, address);
    const entry = await entryOf(verdict, askedTimeMs, readToken);
    known.delete(apiKey);
    refused.delete(apiKey);
    if ('refusal' in entry) put(refused, apiKey, entry, refusedMax);
    else put(known, apiKey, entry, knownMax);
    return entry;
  };

  const askOnce = (apiKey: string, address: string | undefined): Promise<Known> => {
    const begun = asking.get(apiKey);
    if (begun !== undefined) return begun;
    if (asking.size >= askingMax) throw tooMany();
    const answer = ask(apiKey, address ?? '').finally(() => asking.delete(apiKey));
    asking.set(apiKey, answer);
    return answer;
  };

  const renew = (apiKey: string, entry: Accepted, address: string | undefined): void => {
    entry.renewTimeMs = now() + renewAgainAfterMs;
    if (asking.size < askingMax) askOnce(apiKey, address).catch(() => {});
  };

  const find = <E extends Known>(entries: Map<string, E>, apiKey: string): E | undefined => {
    const entry = entries.get(apiKey);
    return entry !== undefined && entry.untilMs > now() ? entry : undefined;
  };

  return {
    recall(apiKey, address) {
      const entry = find(known, apiKey);
      if (entry === undefined || !mayUse(entry, address)) return undefined;
      if (entry.renewTimeMs <= now()) renew(apiKey, entry, address);
      return entry.claims;
    },
    async authenticate(apiKey, address) {
      if (!keyPattern.test(apiKey)) throw refusalOf(ErrorReason.API_KEY_UNKNOWN);
      const remembered = find(known, apiKey) ?? find(refused, apiKey);
      const entry = remembered ?? (await askOnce(apiKey, address).catch(refuseUnverified));
      if ('refusal' in entry) throw refusalOf(entry.refusal);
      if (mayUse(entry, address)) return entry.claims;
      throw permissionDenied(ErrorReason.API_KEY_ADDRESS_NOT_ALLOWED, 'the API key may not be used from this address');
    },
  };
}

async function entryOf(
  verdict: ApiKeyVerdict,
  askedTimeMs: number,
  readToken: (token: string) => Promise<UserClaims>,
): Promise<Known> {
  if (verdict.refusal !== undefined) return { refusal: verdict.refusal, untilMs: askedTimeMs + refusalRememberedMs };
  const { accessToken, allowedNetworks, callsPerSecondMax, expireTimeMs } = verdict;
  const claims = await readToken(accessToken);
  if (claims.key === undefined) throw new Error('an API key was exchanged for the token of a session');
  return {
    claims: { ...claims, key: { ...claims.key, callsPerSecondMax } },
    networks: allowedNetworks.length === 0 ? undefined : createNetworkList(allowedNetworks),
    renewTimeMs: askedTimeMs + renewAfterMs,
    untilMs: Math.min(askedTimeMs + keyRememberedMs, expireTimeMs),
  };
}

function mayUse({ networks }: Accepted, address: string | undefined): boolean {
  return networks === undefined || (address !== undefined && networks.has(address));
}

function put<E>(entries: Map<string, E>, apiKey: string, entry: E, entriesMax: number): void {
  const oldest = entries.keys().next();
  if (entries.size >= entriesMax && !oldest.done) entries.delete(oldest.value);
  entries.set(apiKey, entry);
}

function refusalOf(reason: ErrorReason): OutcryError {
  switch (reason) {
    case ErrorReason.API_KEY_REVOKED:
      return unauthenticated(reason, 'the API key was revoked');
    case ErrorReason.API_KEY_EXPIRED:
      return unauthenticated(reason, 'the API key is past its time');
    default:
      return unauthenticated(ErrorReason.API_KEY_UNKNOWN, 'the API key is not known');
  }
}

// Whatever went wrong between us and the user service is no fault of the key.
function refuseUnverified(cause: unknown): never {
  if (cause instanceof OutcryError && cause.code === Code.RESOURCE_EXHAUSTED) throw cause;
  const message = 'API keys cannot be verified at the moment';
  throw new OutcryError(Code.UNAVAILABLE, ErrorReason.DEPENDENCY_UNAVAILABLE, message, { cause });
}

function tooMany(): OutcryError {
  return resourceExhausted(ErrorReason.OVERLOADED, 'too many API keys are verified at once', { retryDelayMs });
}
