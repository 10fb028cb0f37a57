import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { unauthenticated } from '#platform/errors/outcry-error.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const service = 'outcry.user.v1.SessionService';

describe('sessions in cookies', () => {
  let gateway: TestGateway;
  let isEnded = false;
  let sent: Record<string, unknown>[] = [];
  const answer = async (request: Record<string, unknown>) => {
    sent.push(request);
    if (isEnded) throw unauthenticated(ErrorReason.SESSION_ENDED, 'the session was ended');
    const refreshExpireTime = timestampFromMs(Date.now() + 100_000);
    return { tokens: { accessToken: 'access', refreshToken: 'ort_next', refreshExpireTime, userId: 'u' } };
  };
  beforeAll(async () => {
    gateway = await startTestGateway({ logIn: answer, refreshSession: answer }, { trustForwardedFor: true });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  beforeEach(() => {
    isEnded = false;
    sent = [];
  });

  const fromPage = () => ({ 'outcry-session': 'cookie', origin: gateway.url });
  const call = (rpc: string, request: object, headers: Record<string, string> = fromPage()) =>
    fetch(`${gateway.url}/${service}/${rpc}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(request),
    });
  const reasonOf = async (response: Response) => {
    const { details } = (await response.json()) as { details: { debug?: { reason?: string } }[] };
    return details.find(({ debug }) => debug?.reason !== undefined)?.debug?.reason;
  };

  it('has the refresh token in a cookie for these RPCs alone, out of reach for scripts and other sites', async () => {
    const response = await call('LogIn', { email: 'a@example.com', password: 'secret' });
    expect(await response.json()).toEqual({ tokens: expect.not.objectContaining({ refreshToken: expect.anything() }) });
    const bounds = /; Path=\/outcry\.user\.v1\.SessionService; Max-Age=(?:9\d|100); HttpOnly; SameSite=Strict$/;
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.replace(bounds, ''))).toEqual([
      'outcry_session=ort_next',
      'outcry_device=ort_next',
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is secure where the client speaks TLS', async () => {
    const overTls = {
      ...fromPage(),
      'x-forwarded-proto': 'https',
      cookie: 'outcry_device=forged; __Secure-outcry_device=own',
    };
    const response = await call('LogIn', { email: 'a@example.com', password: 'secret' }, overTls);
    for (const cookie of response.headers.getSetCookie())
      expect(cookie).toMatch(/^__Secure-outcry_\w+=ort_next; .*; Secure$/);
    expect(sent).toMatchObject([{ knownDeviceToken: 'own' }]);
  });

  it('renews by the cookie, and deletes it when the session is over', async () => {
    const headers = { ...fromPage(), cookie: 'a=b; outcry_session=ort_first' };
    const renewed = await call('RefreshSession', {}, headers);
    expect([renewed.status, renewed.headers.getSetCookie().length]).toEqual([200, 2]);
    expect(sent).toMatchObject([{ refreshToken: 'ort_first' }]);
    isEnded = true;
    const refused = await call('RefreshSession', {}, headers);
    expect([refused.status, await reasonOf(refused)]).toEqual([401, 'SESSION_ENDED']);
    expect(refused.headers.getSetCookie()).toEqual([expect.stringMatching(/^outcry_session=; .*Max-Age=0;/)]);
  });

  it('refuses a renewal without a cookie itself', async () => {
    const response = await call('RefreshSession', {});
    expect([response.status, await reasonOf(response)]).toEqual([401, 'TOKEN_MISSING']);
    expect(sent).toEqual([]);
  });

  it('deletes the cookie at a log-out, but for what proves that the device is known', async () => {
    const token = await gateway.identity.userToken();
    const response = await call('LogOut', {}, { ...fromPage(), authorization: `Bearer ${token}` });
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^outcry_session=; .*Max-Age=0;/)]);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'own' }],
    ['a neighbour of the site', { 'sec-fetch-site': 'same-site', origin: 'own' }],
    ['another origin', { origin: 'http://evil.example' }],
    ['no page', {}],
  ])('refuses a request from %s', async (_, { origin, ...headers }: Record<string, string>) => {
    const from: Record<string, string> =
      origin === undefined ? {} : { origin: origin === 'own' ? gateway.url : origin };
    const cookie = 'outcry_session=ort_first';
    const response = await call('RefreshSession', {}, { 'outcry-session': 'cookie', cookie, ...from, ...headers });
    expect([response.status, await reasonOf(response)]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    expect([sent, response.headers.getSetCookie()]).toEqual([[], []]);
  });

  it('lets no page of another origin send the header that asks for it', async () => {
    const preflight = await fetch(`${gateway.url}/${service}/RefreshSession`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).not.toContain('outcry-session');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('leaves all other clients as they were: no cookie is read or set', async () => {
    const response = await call('RefreshSession', { refreshToken: 'ort_own' }, { cookie: 'outcry_session=ort_first' });
    expect(await response.json()).toMatchObject({ tokens: { refreshToken: 'ort_next' } });
    expect([sent.length, response.headers.getSetCookie()]).toEqual([1, []]);
    expect(sent).toMatchObject([{ refreshToken: 'ort_own' }]);
  });
});
