import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadPages } from './load-pages.ts';

const webFolder = new URL('../web/', import.meta.url);

describe('loadPages', () => {
  it('serves every page, script, style and picture of the folder, and no test', async () => {
    const pages = await loadPages();
    const names = (await readdir(webFolder)).filter(
      (name) => /\.[a-z]+$/.test(name) && !/\.test\.ts$|\.json$/.test(name),
    );
    const paths = names.map((name) => {
      if (name === 'index.html') return '/';
      return name.endsWith('.html') ? `/${name.replace('.html', '')}` : `/web/${name}`;
    });
    const generated = ['/openapi.json', '/requests.http', '/requests.postman_collection.json'];
    expect([...pages.keys()].sort()).toEqual([...paths, '/favicon.ico', ...generated].sort());
    for (const path of generated.slice(1)) expect(pages.get(path)?.body).toContain(pages.get(path)?.addressText);
  });

  it('serves whatever a page or a script asks for', async () => {
    const pages = await loadPages();
    const wanted = [...pages].flatMap(([path, { body, contentType }]) => {
      if (contentType.startsWith('text/html')) return [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to);
      if (!contentType.startsWith('text/javascript')) return [];
      return [...body.matchAll(/ from '([^']+)'/g)].map(([, to]) => new URL(to ?? '', `http://x${path}`).pathname);
    });
    expect(wanted.length).toBeGreaterThan(20);
    // Of the web app there is a page of its own, which the bundle has.
    expect(wanted.filter((path) => !pages.has(path ?? '') && !path?.startsWith('/app#/'))).toEqual([]);
  });

  it('takes the types out of scripts', async () => {
    const pages = await loadPages();
    const scripts = [...pages].filter(([path]) => path.endsWith('.ts'));
    expect(scripts.every(([, { contentType }]) => contentType.startsWith('text/javascript'))).toBe(true);
    expect(scripts.filter(([, { body }]) => /^(import|export) type /m.test(body)).map(([path]) => path)).toEqual([]);
  });

  it('has no script inside a page, which the policy for content would not run', async () => {
    const pages = [...(await loadPages()).values()].filter(({ contentType }) => contentType.startsWith('text/html'));
    for (const { body } of pages) {
      expect(body).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(body).not.toMatch(/\s(on[a-z]+|style)=/);
    }
  });
});
