import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../pages/page.ts';
import { renderTemplate } from './app-page.ts';
import { loadApp, readApp, writeApp } from './load-app.ts';

const firstLoadBytesMax = 160_000;

let folder: string;
let app: Map<string, Page>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcry-app-'));
  app = await loadApp();
});
afterAll(() => rm(folder, { recursive: true }));

/** What the browser reads before the app runs: all that the page links to. */
function linksOf(page: Page | undefined): string[] {
  const links = [...String(page?.body).matchAll(/\b(?:src|href)="(\/assets\/[^"]+)"/g)];
  return links.map(([, path = '']) => path);
}

describe('loadApp', () => {
  it('has a page that links to a script, a style sheet and the font, each named by its content', () => {
    const page = app.get('/');
    const links = linksOf(page);
    for (const kind of [/\.js$/, /\.css$/, /\.woff2$/]) expect(links.filter((path) => kind.test(path))).not.toEqual([]);
    expect(links.filter((path) => app.get(path)?.isImmutable !== true)).toEqual([]);
    expect(links.filter((path) => !/-[A-Z0-9]{8}\.\w+$/.test(path))).toEqual([]);
    expect([page?.contentType, page?.isImmutable]).toEqual(['text/html; charset=utf-8', false]);
  });

  it('has forms that are smaller and lead back to the file', () => {
    const all = [...app].filter(([path]) => path.endsWith('.js')).map(([, page]) => page);
    // Of less than a kilobyte there are no other forms: the headers would be longer than what is saved.
    const scripts = all.filter(({ body }) => body.length >= 1_024);
    expect(scripts.length).toBeGreaterThan(0);
    for (const { body, encoded } of scripts) {
      expect(brotliDecompressSync(encoded?.br ?? '')).toEqual(body);
      expect(gunzipSync(encoded?.gzip ?? '')).toEqual(body);
    }
  });

  it('reads one script before the app runs, beside the one that begins it, without the contract of orders', () => {
    const scripts = linksOf(app.get('/')).filter((path) => path.endsWith('.js'));
    expect(scripts).toHaveLength(2);
    const text = scripts.map((path) => String(app.get(path)?.body)).join('');
    // The first bytes of a contract: its path, 27 characters long.
    const orders = Buffer.from('\n\x1boutcry/order/v1/order.proto').toString('base64').slice(0, 36);
    const market = Buffer.from('\n\x1doutcry/market/v1/market.proto').toString('base64').slice(0, 36);
    expect([text.includes(orders), text.includes(market)]).toEqual([false, true]);
  });

  it(`sends at most ${firstLoadBytesMax} bytes before the app runs`, () => {
    const page = app.get('/');
    const pages = [page, ...linksOf(page).map((path) => app.get(path))];
    const bytes = pages.reduce((sum, one) => sum + (one?.encoded?.br ?? one?.body ?? '').length, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(firstLoadBytesMax);
  });
});

describe('writeApp', () => {
  it('leaves the same files for an image, compressed no worse', async () => {
    const target = pathToFileURL(`${folder}/`);
    await writeApp(target);
    const read = await readApp(target);
    expect([...read.keys()]).toEqual([...app.keys()]);
    for (const [path, page] of app) {
      const other = read.get(path);
      expect([other?.contentType, other?.etag, other?.isImmutable]).toEqual([
        page.contentType,
        page.etag,
        page.isImmutable,
      ]);
      expect(other?.encoded?.br?.length ?? 0).toBeLessThanOrEqual(page.encoded?.br?.length ?? 0);
    }
  });
});

describe('renderTemplate', () => {
  const links = {
    pathOf: new Map([['main.tsx', '/assets/main-1.js']]),
    styles: ['/assets/a.css'],
    preloaded: ['/assets/b.js'],
  };

  it('names the style sheet and what the first script imports in the head', () => {
    const html = renderTemplate('<head><script src="./main.tsx"></script></head>', links);
    expect(html).toContain('src="/assets/main-1.js"');
    expect(html).toMatch(
      /rel="stylesheet" href="\/assets\/a\.css"[\s\S]*rel="modulepreload" href="\/assets\/b\.js"[\s\S]*<\/head>/,
    );
  });

  it('refuses a link to what was not built', () => {
    expect(() => renderTemplate('<img src="./missing.svg" />', links)).toThrow('missing.svg');
  });
});
