/** Reads what the gateway serves beside RPCs. */
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { encode } from './encode.ts';
import { contentTypeOf, etagOf, type Page } from './page.ts';

/** A page whose body is text. */
export type TextPage = Page & { body: string };

const webFolder = new URL('../web/', import.meta.url);
const genFolder = new URL('../../gen/', import.meta.url);

// The address in the request collections: that of a system started without flags.
const addressText = 'http://localhost:8080';
const collections = /\/requests\.(?:http|postman_collection\.json)$/;

/**
 * Reads all pages into memory, by path. Every page, script, style and picture in `gateway/web` is served without being listed
 * here: `x.html` at `/x` (`index.html` at `/`), the others below `/web/`. Scripts lose their types here: there is no build step.
 */
export async function loadPages(): Promise<Map<string, TextPage>> {
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

async function loadPage(file: URL): Promise<TextPage> {
  const text = await readFile(file, 'utf8');
  const body = file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  const page = { contentType: contentTypeOf(file.pathname), body, etag: etagOf(body) };
  if (collections.test(file.pathname)) return { ...page, addressText };
  return { ...page, encoded: await encode(Buffer.from(body), page.contentType, 4) };
}
