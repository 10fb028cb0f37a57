/** Identities for tests: a key pair of a user service, tokens signed with it, and an authenticator that trusts them. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import type { KeyClaims, Role } from '#platform/auth/claims.ts';
import { userTokenIssuer } from '#platform/auth/claims.ts';
import type { JwksJson } from '#platform/auth/jwks.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { testServiceKeys, testServiceToken } from './service-keys.ts';

/** The secret of tests from which services derive others. */
export const testServiceSecret = 'a-secret-for-tests-only-0123456789';

const { readPublic: readServiceKeys } = testServiceKeys('any');

/** Whom a test token names; defaults: a fresh user id, role user, ten minutes from now. */
export type TestUser = {
  userId?: string;
  roles?: Role[];
  email?: string;
  house?: boolean;
  expiresInSeconds?: number;
  key?: Pick<KeyClaims, 'keyId' | 'scopes'>;
};

/** Signs tokens and verifies them. */
export type TestIdentity = {
  jwks: JwksJson;
  authenticator: Authenticator;
  userToken(user?: TestUser): Promise<string>;
  serviceToken(name: string): Promise<string>;
};

/** A fresh key pair and all that goes with it. */
export async function createTestIdentity(): Promise<TestIdentity> {
  const kid = uuidV7();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwks: JwksJson = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] };
  return {
    jwks,
    authenticator: createAuthenticator({ readServiceKeys, fetchJwks: async () => jwks }),
    userToken({
      userId = uuidV7(),
      roles = ['user'],
      email = 'user@example.com',
      house,
      expiresInSeconds = 600,
      key,
    } = {}) {
      const nowSeconds = Math.floor(Date.now() / 1_000);
      const by = key === undefined ? { sid: uuidV7() } : { key: { id: key.keyId, scopes: key.scopes } };
      return new SignJWT({ roles, email, ...by, ...(house && { house }) })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setIssuer(userTokenIssuer)
        .setAudience(userTokenIssuer)
        .setSubject(userId)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + expiresInSeconds)
        .sign(privateKey);
    },
    serviceToken: (name) => testServiceToken(name)(),
  };
}
