/** Reads what the gateway serves beside RPCs. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';

/** A file as it is served. */
export type Page = {
  contentType: string;
  body: string;
  etag: string;
  /** A text of the body that stands for the address at which the gateway is reached. */
  addressText?: string;
};

const webFolder = new URL('../web/', import.meta.url);
const genFolder = new URL('../../gen/', import.meta.url);

// The address in the request collections: that of a system started without flags.
const addressText = 'http://localhost:8080';
const collections = /\/requests\.(?:http|postman_collection\.json)$/;

const contentTypes: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
  http: 'text/plain; charset=utf-8',
};

/**
 * Reads all pages into memory, by path. Every page, script, style and picture in `gateway/web` is served without being listed
 * here: `x.html` at `/x` (`index.html` at `/`), the others below `/web/`. Scripts lose their types here: there is no build step.
 */
export async function loadPages(): Promise<Map<string, Page>> {
  const names = (await readdir(webFolder)).filter(isServed);
  const sources: [path: string, file: URL][] = [
    ...names.map((name): [string, URL] => [pathOfFile(name), new URL(name, webFolder)]),
    // Browsers ask for this one where a page names no icon, as a description of the API does not.
    ['/favicon.ico', new URL('favicon.svg', webFolder)],
    ['/openapi.json', new URL('openapi.json', genFolder)],
    ['/requests.http', new URL('requests.http', genFolder)],
    ['/requests.postman_collection.json', new URL('requests.postman_collection.json', genFolder)],
  ];
  return new Map(await Promise.all(sources.map(async ([path, file]) => [path, await loadPage(file)] as const)));
}

function isServed(name: string): boolean {
  return /\.(html|css|ts|svg)$/.test(name) && !/\.(test|d)\.ts$/.test(name);
}

function pathOfFile(name: string): string {
  if (name === 'index.html') return '/';
  return name.endsWith('.html') ? `/${name.slice(0, -'.html'.length)}` : `/web/${name}`;
}

async function loadPage(file: URL): Promise<Page> {
  const extension = file.pathname.split('.').pop() ?? '';
  const text = await readFile(file, 'utf8');
  const body = extension === 'ts' ? stripTypeScriptTypes(text) : text;
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const contentType = contentTypes[extension] ?? 'text/plain';
  return collections.test(file.pathname) ? { contentType, body, etag, addressText } : { contentType, body, etag };
}
