import { describe, expect, it } from 'vitest';
import { loadPages } from './load-pages.ts';

describe('loadPages', () => {
  it('has the icon, the description of the API and the request collections', async () => {
    const pages = await loadPages();
    const types = [...pages].map(([path, { contentType }]) => [path, contentType.split(';', 1)[0]]);
    expect(types).toEqual([
      ['/web/favicon.svg', 'image/svg+xml'],
      ['/favicon.ico', 'image/svg+xml'],
      ['/openapi.json', 'application/json'],
      ['/requests.http', 'text/plain'],
      ['/requests.postman_collection.json', 'application/json'],
    ]);
  });

  it('has the address that stands for the gateway’s own in each collection', async () => {
    const collections = [...(await loadPages())].filter(([path]) => path.startsWith('/requests.'));
    expect(collections.length).toBe(2);
    for (const [, { body, addressText }] of collections) expect(body).toContain(addressText);
  });
});
