import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from './encode.ts';
import type { Page } from './page.ts';
import { createPageHandler } from './page-handler.ts';

const text = 'x'.repeat(2_000);
const pages = new Map<string, Page>([
  ['/', { contentType: 'text/html; charset=utf-8', body: '<title>A page</title>', etag: '"one"' }],
  [
    '/assets/a-1.js',
    {
      contentType: 'text/javascript',
      body: text,
      etag: '"three"',
      isImmutable: true,
      encoded: await encode(Buffer.from(text), 'text/javascript', 4),
    },
  ],
  ['/requests.http', { contentType: 'text/plain', body: '@a = http://x:1', etag: '"two"', addressText: 'http://x:1' }],
]);

describe('createPageHandler', () => {
  let jwks = async () => '{"keys":[]}';
  const server = createServer(createPageHandler({ pages, fetchJwks: () => jwks(), trustForwardedFor: true }));
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('answers a page with a policy that lets nothing in from elsewhere', async () => {
    const response = await fetch(`${url}/?from=a-bookmark`);
    const policy = response.headers.get('content-security-policy');
    for (const part of ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"])
      expect(policy).toContain(part);
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(await response.text()).toBe('<title>A page</title>');
  });

  it('does not send a page again that the browser has', async () => {
    const response = await fetch(url, { headers: { 'if-none-match': '"one"' } });
    expect([response.status, await response.text()]).toEqual([304, '']);
    expect((await fetch(url, { headers: { 'if-none-match': '"older"' } })).status).toBe(200);
  });

  it('names the address at which it is reached, where a page has one', async () => {
    const response = await fetch(`${url}/requests.http`);
    expect(await response.text()).toBe(`@a = ${url}`);
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(`${url}/requests.http`, { headers: { 'if-none-match': etag } });
    const byName = await fetch(`${url.replace('127.0.0.1', 'localhost')}/requests.http`, {
      headers: { 'if-none-match': etag },
    });
    expect([again.status, byName.status]).toEqual([304, 200]);
  });

  it('asks browsers to stay with TLS where the client speaks it', async () => {
    const overTls = await fetch(url, { headers: { 'x-forwarded-proto': 'https' } });
    const plain = await fetch(url, { headers: { 'x-forwarded-proto': 'http' } });
    const headers = [overTls, plain].map((response) => response.headers.get('strict-transport-security'));
    expect(headers).toEqual(['max-age=31536000', null]);
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', null],
  ])('sends a file to who accepts "%s" as %s', async (accepted, coding) => {
    const headers = { 'accept-encoding': accepted };
    const response = await fetch(`${url}/assets/a-1.js`, { headers });
    const etag = response.headers.get('etag') ?? '';
    expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual([
      coding,
      'Accept-Encoding',
    ]);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toBe(text);
    const again = await fetch(`${url}/assets/a-1.js`, { headers: { ...headers, 'if-none-match': `"old", W/${etag}` } });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
  });

  it('answers HEAD without a body', async () => {
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([200, '"one"', '']);
  });

  it('refuses other methods and other paths, each in the one error shape', async () => {
    const wrongMethod = await fetch(url, { method: 'POST' });
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const wrongPath = await fetch(`${url}/web/../../package.json`);
    expect([wrongPath.status, await wrongPath.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  it('answers the keys, and gives no cause when they cannot be read', async () => {
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toEqual({ keys: [] });
    expect((await fetch(`${url}/.well-known/jwks.json`, { method: 'POST' })).status).toBe(405);
    jwks = async () => {
      throw new Error('connect ECONNREFUSED 10.0.0.7:9000');
    };
    const response = await fetch(`${url}/.well-known/jwks.json`);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('10.0.0.7');
  });
});
