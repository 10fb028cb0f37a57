import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from './load-pages.ts';
import { createPageHandler } from './page-handler.ts';

const pages = new Map<string, Page>([
  ['/', { contentType: 'text/html; charset=utf-8', body: '<title>A page</title>', etag: '"one"' }],
  ['/requests.http', { contentType: 'text/plain', body: '@a = http://x:1', etag: '"two"', addressText: 'http://x:1' }],
]);

describe('createPageHandler', () => {
  let jwks = async () => '{"keys":[]}';
  const server = createServer(createPageHandler({ pages, fetchJwks: () => jwks() }));
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
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
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
