/** Turns the tokens of a call into its caller. Every server verifies them itself, also behind a mesh. */
import type { JWTPayload } from 'jose';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError, unauthenticated } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { createApiKeyVerifier, isApiKey, type VerifyApiKey } from './api-keys.ts';
import type { Caller, KeyClaims, Role, UserClaims } from './claims.ts';
import { serviceTokenAudience, userTokenIssuer } from './claims.ts';
import type { JwksJson, KeyFinder } from './jwks.ts';
import { createKeyFinder } from './jwks.ts';
import { keyScopes } from './scopes.ts';
import { isKeyOf, type ServiceKeys } from './service-keys.ts';
import { createTokenCache } from './token-cache.ts';

/** The credentials of a call as its metadata has them. */
export type Credentials = {
  /** The `authorization` value, `Bearer ...`: a token or an API key. */
  authorization?: string | undefined;
  /** The network address of the caller, for API keys that may not be used from everywhere. */
  clientAddress?: string | undefined;
  /** The `x-outcry-service-token` value. */
  serviceToken?: string | undefined;
};

/** Verifies credentials. A bad or expired token rejects with UNAUTHENTICATED, also for RPCs that need no credentials. */
export type Authenticator = {
  authenticate(credentials: Credentials): Promise<Caller>;
  /** The caller, when each of the tokens was verified a short time ago: nothing has to be waited for. Otherwise undefined; never throws. */
  recall?(credentials: Credentials): Caller | undefined;
};

const tokenLengthMax = 4_096;
const clockToleranceSeconds = 5;
const anonymous: Caller = Object.freeze({});

/**
 * An authenticator for user tokens (EdDSA, keys from `fetchJwks`), API keys (exchanged by `verifyApiKey`; without it all are unknown) and
 * service tokens (EdDSA, by a key of the service that the token names, among those of `readServiceKeys`).
 */
export function createAuthenticator(options: {
  readServiceKeys: ServiceKeys['readPublic'];
  fetchJwks: () => Promise<JwksJson>;
  verifyApiKey?: VerifyApiKey;
}): Authenticator {
  const findServiceKey = createKeyFinder(options.readServiceKeys);
  const findKey = createKeyFinder(options.fetchJwks);
  const users = createTokenCache<UserClaims>();
  const services = createTokenCache<string>();

  const verifyUser = async (token: string): Promise<{ claims: UserClaims; expireTimeMs: number }> => {
    const { payload } = await verify(token, () =>
      jwtVerify(token, async (header) => keyFor(findKey, header.kid), {
        algorithms: ['EdDSA'],
        issuer: userTokenIssuer,
        audience: userTokenIssuer,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      }),
    );
    const claims = userClaims(payload, token);
    return { claims, expireTimeMs: claims.expireTimeMs ?? 0 };
  };

  const apiKeys = createApiKeyVerifier({
    verify: options.verifyApiKey ?? (async () => ({ refusal: ErrorReason.API_KEY_UNKNOWN })),
    readToken: async (token) => (await verifyUser(token)).claims,
  });

  const authenticateUser = async (token: string, clientAddress: string | undefined): Promise<UserClaims> => {
    if (isApiKey(token)) return apiKeys.authenticate(token, clientAddress);
    const { claims, expireTimeMs } = await verifyUser(token);
    users.set(token, claims, expireTimeMs);
    return claims;
  };

  const recallUser = (authorization: string, clientAddress: string | undefined): UserClaims | undefined => {
    if (!authorization.startsWith('Bearer ')) return undefined;
    const token = authorization.slice(7);
    return isApiKey(token) ? apiKeys.recall(token, clientAddress) : users.get(token);
  };

  const authenticateService = async (token: string): Promise<string> => {
    const { payload } = await verify(token, () =>
      jwtVerify(token, async ({ kid }) => serviceKeyFor(findServiceKey, kid, decodeJwt(token).iss), {
        algorithms: ['EdDSA'],
        audience: serviceTokenAudience,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'iss'],
      }),
    );
    services.set(token, payload.iss as string, (payload.exp ?? 0) * 1_000);
    return payload.iss as string;
  };

  const recall = ({ authorization, serviceToken, clientAddress }: Credentials): Caller | undefined => {
    if (authorization === undefined && serviceToken === undefined) return anonymous;
    const caller: Caller = {};
    if (authorization !== undefined) {
      const user = recallUser(authorization, clientAddress);
      if (user === undefined) return undefined;
      caller.user = user;
    }
    if (serviceToken !== undefined) {
      const service = services.get(serviceToken);
      if (service === undefined) return undefined;
      caller.service = service;
    }
    return caller;
  };

  return {
    recall,
    async authenticate({ authorization, serviceToken, clientAddress }) {
      if (authorization === undefined && serviceToken === undefined) return anonymous;
      const caller: Caller = {};
      if (authorization !== undefined) {
        const token = bearerToken(authorization);
        caller.user = users.get(token) ?? (await authenticateUser(token, clientAddress));
      }
      if (serviceToken !== undefined) {
        caller.service = services.get(serviceToken) ?? (await authenticateService(serviceToken));
      }
      return caller;
    },
  };
}

function bearerToken(authorization: string): string {
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > tokenLengthMax) throw invalidToken();
  return token;
}

async function keyFor(findKey: KeyFinder, kid: string | undefined) {
  if (kid === undefined) throw invalidToken();
  const key = await findKey(kid).catch((cause) => {
    const message = 'tokens cannot be verified at the moment';
    throw new OutcryError(Code.UNAVAILABLE, ErrorReason.DEPENDENCY_UNAVAILABLE, message, { cause });
  });
  if (key === undefined) throw invalidToken();
  return key;
}

// The issuer is read before it is verified, to find the key with which it then is.
function serviceKeyFor(findKey: KeyFinder, kid = '', issuer = '') {
  if (!isKeyOf(issuer, kid)) throw invalidToken();
  return keyFor(findKey, kid);
}

async function verify<T>(token: string, work: () => Promise<T>): Promise<T> {
  if (!isSignatureCanonical(token)) throw invalidToken();
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutcryError) throw error;
    if (error instanceof errors.JWTExpired) {
      throw unauthenticated(ErrorReason.TOKEN_EXPIRED, 'the token is past its time; refresh it');
    }
    throw invalidToken();
  }
}

// Base64url leaves bits of its last character unused, and a lenient reader skips what it does not know. Header and claims are signed
// as text; of the signature only its bytes are compared, so its text is held to the one spelling here.
function isSignatureCanonical(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

function invalidToken(): OutcryError {
  return unauthenticated(ErrorReason.TOKEN_INVALID, 'the token is not valid');
}

function userClaims(payload: JWTPayload, token: string): UserClaims {
  const { sub, roles, email, sid, house, key, exp = 0 } = payload;
  if (sub === undefined || !isUuidV7(sub) || !Array.isArray(roles)) throw invalidToken();
  return {
    userId: sub,
    roles: roles.filter(isRole),
    email: typeof email === 'string' ? email : '',
    sessionId: typeof sid === 'string' ? sid : '',
    house: house === true,
    token,
    expireTimeMs: exp * 1_000,
    ...(key !== undefined && { key: keyClaims(key) }),
  };
}

// A token for a key that cannot be read must not pass for the token of a session.
function keyClaims(claim: unknown): KeyClaims {
  const { id, scopes } = (claim ?? {}) as { id?: unknown; scopes?: unknown };
  if (typeof id !== 'string' || !Array.isArray(scopes)) throw invalidToken();
  const known = [...keyScopes.values()].filter((scope) => scopes.includes(scope));
  return { keyId: id, scopes: known, callsPerSecondMax: 0 };
}

function isRole(value: unknown): value is Role {
  return value === 'user' || value === 'operator' || value === 'admin';
}
