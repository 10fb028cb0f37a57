/** Reads what the gateway serves beside RPCs and the web app, which `bundle` builds. */
import { readFile } from 'node:fs/promises';
import { encode } from './encode.ts';
import { contentTypeOf, etagOf, type Page } from './page.ts';

/** A page whose body is text. */
export type TextPage = Page & { body: string };

// The address in the request collections: that of a system started without flags.
const addressText = 'http://localhost:8080';
const collections = /\/requests\.(?:http|postman_collection\.json)$/;

const icon = new URL('../web/favicon.svg', import.meta.url);
const genFolder = new URL('../../gen/', import.meta.url);
const sources: readonly (readonly [path: string, file: URL])[] = [
  ['/web/favicon.svg', icon],
  // Browsers ask for this one where a page names no icon, as a description of the API does not.
  ['/favicon.ico', icon],
  ['/openapi.json', new URL('openapi.json', genFolder)],
  ['/requests.http', new URL('requests.http', genFolder)],
  ['/requests.postman_collection.json', new URL('requests.postman_collection.json', genFolder)],
];

/** Reads all of it into memory, by path. */
export async function loadPages(): Promise<Map<string, TextPage>> {
  return new Map(await Promise.all(sources.map(async ([path, file]) => [path, await loadPage(file)] as const)));
}

async function loadPage(file: URL): Promise<TextPage> {
  const body = await readFile(file, 'utf8');
  const page = { contentType: contentTypeOf(file.pathname), body, etag: etagOf(body) };
  if (collections.test(file.pathname)) return { ...page, addressText };
  return { ...page, encoded: await encode(Buffer.from(body), page.contentType, 4) };
}
