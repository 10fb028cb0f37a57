import { decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { testServiceKeys, testServiceToken } from '#platform/testing/service-keys.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import { createAuthenticator } from './authenticator.ts';
import { serviceTokenAudience } from './claims.ts';
import { makeServiceKey } from './service-keys.ts';
import { createServiceTokenSource } from './service-token.ts';

const invalid = { code: Code.UNAUTHENTICATED, reason: ErrorReason.TOKEN_INVALID };
const { readPublic: readServiceKeys } = testServiceKeys('any');
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('createAuthenticator', () => {
  it('returns an empty caller for a call without credentials', async () => {
    const { authenticator } = await createTestIdentity();
    expect(await authenticator.authenticate({})).toEqual({});
  });

  it('reads the claims of a user', async () => {
    const { authenticator, userToken } = await createTestIdentity();
    const userId = uuidV7();
    const token = await userToken({ userId, roles: ['user', 'operator'], email: 'a@b.example', house: true });
    const { user } = await authenticator.authenticate(bearer(token));
    expect(user).toMatchObject({ userId, roles: ['user', 'operator'], email: 'a@b.example', house: true, token });
    expect((await authenticator.authenticate({ authorization: `bearer ${token}` })).user).toEqual(user);
  });

  it('reads the name of a service beside the user that it acts for', async () => {
    const { authenticator, userToken, serviceToken } = await createTestIdentity();
    const credentials = { ...bearer(await userToken()), serviceToken: await serviceToken('order') };
    expect(await authenticator.authenticate(credentials)).toMatchObject({
      service: 'order',
      user: { roles: ['user'] },
    });
  });

  it('refuses an expired token as expired', async () => {
    const { authenticator, userToken } = await createTestIdentity();
    const expired = { code: Code.UNAUTHENTICATED, reason: ErrorReason.TOKEN_EXPIRED };
    await expect(authenticator.authenticate(bearer(await userToken({ expiresInSeconds: -10 })))).rejects.toMatchObject(
      expired,
    );
  });

  it('refuses what is no token', async () => {
    const { authenticator } = await createTestIdentity();
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Basic dXNlcg==',
      'Bearer a.b',
      `Bearer ${'x'.repeat(5_000)}`,
    ]) {
      await expect(authenticator.authenticate({ authorization })).rejects.toMatchObject(invalid);
    }
  });

  it('refuses a forged user token: unsigned, signed by another key, with the public key as a secret, or changed', async () => {
    const { authenticator, userToken, jwks } = await createTestIdentity();
    const kid = jwks.keys[0]?.kid as string;
    const claims = { roles: ['admin'], sub: uuidV7() };
    const { privateKey } = await generateKeyPair('EdDSA');
    const secret = Buffer.from(jwks.keys[0]?.x ?? '', 'base64url');
    const signed = (alg: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, kid })
        .setIssuer('outcry')
        .setAudience('outcry')
        .setExpirationTime('5m');
    const unsigned = new UnsecuredJWT(claims)
      .setIssuer('outcry')
      .setAudience('outcry')
      .setExpirationTime('5m')
      .encode();
    const good = await userToken();
    const changed = `${good.slice(0, -10)}AAAAAAAAAA`;
    const forged = [unsigned, await signed('EdDSA').sign(privateKey), await signed('HS256').sign(secret), changed];
    for (const token of forged) await expect(authenticator.authenticate(bearer(token))).rejects.toMatchObject(invalid);
  });

  it('refuses a token whose signature is spelt in another way', async () => {
    const { authenticator, userToken, serviceToken } = await createTestIdentity();
    const [user, service] = [await userToken(), await serviceToken('order')];
    await authenticator.authenticate({ ...bearer(user), serviceToken: service });
    // The last character has bits that the bytes do not use, and padding adds none.
    for (const respelt of [...sameBytes(user), `${user}=`, `${user}==`]) {
      await expect(authenticator.authenticate(bearer(respelt))).rejects.toMatchObject(invalid);
    }
    for (const respelt of sameBytes(service)) {
      await expect(authenticator.authenticate({ serviceToken: respelt })).rejects.toMatchObject(invalid);
    }
  });

  it('refuses a user token for another audience, without an end, or whose subject is no id', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
    const authenticator = createAuthenticator({
      readServiceKeys,
      fetchJwks: async () => jwks,
    });
    const token = (change: (jwt: SignJWT) => SignJWT) =>
      change(
        new SignJWT({ roles: ['user'] })
          .setIssuer('outcry')
          .setAudience('outcry')
          .setSubject(uuidV7())
          .setExpirationTime('5m'),
      )
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k' })
        .sign(privateKey);
    await authenticator.authenticate(bearer(await token((jwt) => jwt)));
    const wrong = [
      token((jwt) => jwt.setAudience('elsewhere')),
      token((jwt) => jwt.setIssuer('elsewhere')),
      token((jwt) => jwt.setSubject("' or 1=1")),
      new SignJWT({ roles: ['user'] })
        .setIssuer('outcry')
        .setAudience('outcry')
        .setSubject(uuidV7())
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k' })
        .sign(privateKey),
    ];
    for (const made of wrong)
      await expect(authenticator.authenticate(bearer(await made))).rejects.toMatchObject(invalid);
  });

  it('refuses a service token by a key that is not among those of the service it names, and a user token in its place', async () => {
    const { authenticator, userToken } = await createTestIdentity();
    const foreign = makeServiceKey('order').privateKey;
    const asOrder = { ...testServiceKeys('auto'), readOwn: async () => ({ keys: [foreign] }) };
    const unknown = await createServiceTokenSource('order', asOrder)();
    const { privateKey } = makeServiceKey('order');
    const claimed = await forged({ ...privateKey, kid: 'auto.test' }, 'order');
    const stranger = await forged((await testServiceKeys('auto').readOwn()).keys[0] ?? {}, 'order');
    for (const serviceToken of [unknown, claimed, stranger, await userToken(), 'x', 'e30.e30.', 'e30.bnVsbA.']) {
      await expect(authenticator.authenticate({ serviceToken })).rejects.toMatchObject(invalid);
    }
    const caller = await authenticator.authenticate({ serviceToken: await testServiceToken('order')() });
    expect(caller).toEqual({ service: 'order' });
  });

  it('goes on accepting tokens while the keys of a service are rotated, in whichever order the files arrive', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const [old, next, later] = [makeServiceKey('order'), makeServiceKey('order'), makeServiceKey('order')];
    let publicKeys = [old.publicKey, next.publicKey];
    const authenticator = createAuthenticator({
      readServiceKeys: async () => ({ keys: publicKeys }),
      fetchJwks: async () => ({ keys: [] }),
    });
    const tokenBy = (key: JWK) => createServiceTokenSource('order', { readOwn: async () => ({ keys: [key] }) })();
    const accepts = async (key: JWK) =>
      expect(await authenticator.authenticate({ serviceToken: await tokenBy(key) })).toEqual({ service: 'order' });
    await accepts(old.privateKey);
    // The private key first: its public half was there before.
    await accepts(next.privateKey);
    publicKeys = [old.publicKey, next.publicKey, later.publicKey];
    await accepts(old.privateKey);
    await accepts(next.privateKey);
    // A key that was in no list before is asked for at most every five seconds.
    vi.advanceTimersByTime(6_000);
    await accepts(later.privateKey);
  });

  it('says UNAVAILABLE, not UNAUTHENTICATED, while the keys cannot be fetched', async () => {
    const { userToken } = await createTestIdentity();
    const authenticator = createAuthenticator({
      readServiceKeys,
      fetchJwks: async () => {
        throw new Error('no connection');
      },
    });
    await expect(authenticator.authenticate(bearer(await userToken()))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
  });
});

/** Other texts that a lenient reader decodes to the bytes of the same signature. */
function sameBytes(token: string): string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const bytesOf = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex');
  const others = [...alphabet].map((last) => token.slice(0, -1) + last).filter((other) => other !== token);
  const same = others.filter((other) => bytesOf(other) === bytesOf(token));
  expect(same.length).toBeGreaterThan(0);
  return same;
}

/** A token in the name of a service, by any key. */
async function forged({ kid, ...jwk }: JWK, issuer: string): Promise<string> {
  const key = await importJWK(jwk, 'EdDSA');
  const token = new SignJWT({}).setProtectedHeader({ alg: 'EdDSA', kid: kid ?? '' });
  return token.setIssuer(issuer).setAudience(serviceTokenAudience).setExpirationTime('5m').sign(key);
}

describe('createServiceTokenSource', () => {
  it('signs once for many calls, and only with a key of its own service', async () => {
    const source = testServiceToken('order');
    expect(await source()).toBe(await source());
    await expect(createServiceTokenSource('order', testServiceKeys('auto'))()).rejects.toThrow('no key of order');
  });

  it('takes a new key with its next token, and the token in use while the key cannot be read', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const [first, second] = [makeServiceKey('order'), makeServiceKey('order')];
      let keys: JWK[] | undefined = [first.privateKey];
      const readOwn = async () => {
        if (keys === undefined) throw new Error('gone');
        return { keys };
      };
      const source = createServiceTokenSource('order', { readOwn });
      const token = await source();
      keys = undefined;
      vi.advanceTimersByTime(250_000);
      expect(await source()).toBe(token);
      keys = [second.privateKey, first.privateKey];
      vi.advanceTimersByTime(6_000);
      expect(decodeProtectedHeader(await source()).kid).toBe(second.publicKey.kid);
      keys = undefined;
      vi.advanceTimersByTime(301_000);
      await expect(source()).rejects.toThrow('gone');
    } finally {
      vi.useRealTimers();
    }
  });
});
