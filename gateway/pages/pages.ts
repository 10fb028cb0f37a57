/** What the gateway serves beside RPCs: the first page, its scripts, the API description, and the keys that verify tokens. */
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { pathOf } from '../edge/rpc-handler.ts';
import type { RequestHandler } from '../port/one-port-server.ts';

/** A file as it is served. */
export type Page = { contentType: string; body: string };

const webFolder = new URL('../web/', import.meta.url);
const genFolder = new URL('../../gen/', import.meta.url);

const contentTypes: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  http: 'text/plain; charset=utf-8',
};

// The page loads nothing from elsewhere and cannot be framed.
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** Reads all pages into memory; scripts lose their types here, so that no build step is needed. */
export async function loadPages(): Promise<Map<string, Page>> {
  const sources: [path: string, file: URL][] = [
    ['/', new URL('index.html', webFolder)],
    ['/mailbox', new URL('mailbox.html', webFolder)],
    ['/web/style.css', new URL('style.css', webFolder)],
    ['/openapi.json', new URL('openapi.json', genFolder)],
    ['/requests.http', new URL('requests.http', genFolder)],
    ...scripts.map((name): [string, URL] => [`/web/${name}`, new URL(name, webFolder)]),
  ];
  return new Map(await Promise.all(sources.map(async ([path, file]) => [path, await loadPage(file)] as const)));
}

const scripts = ['main.ts', 'api.ts', 'quotes.ts', 'depth.ts', 'ticket.ts', 'account.ts', 'mailbox.ts', 'dom.ts'];

async function loadPage(file: URL): Promise<Page> {
  const extension = file.pathname.split('.').pop() ?? '';
  const text = await readFile(file, 'utf8');
  const body = extension === 'ts' ? stripTypeScriptTypes(text) : text;
  return { contentType: contentTypes[extension] ?? 'text/plain', body };
}

/** Answers GET and HEAD of the pages and of `/.well-known/jwks.json`; everything else is 404 or 405. */
export function createPageHandler(options: {
  pages: Map<string, Page>;
  fetchJwks: () => Promise<string>;
}): RequestHandler {
  const send = (response: Parameters<RequestHandler>[1], status: number, page: Page, isHead: boolean) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('Content-Type', page.contentType);
    response.writeHead(status);
    response.end(isHead ? undefined : page.body);
  };
  const failure = (code: string, message: string): Page => ({
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ code, message }),
  });
  return (request, response) => {
    const isHead = request.method === 'HEAD';
    const path = pathOf(request.url);
    if (path === '/.well-known/jwks.json') {
      options.fetchJwks().then(
        (body) => send(response, 200, { contentType: 'application/json; charset=utf-8', body }, isHead),
        () => send(response, 503, failure('unavailable', 'the keys cannot be read at the moment'), isHead),
      );
      return;
    }
    const page = options.pages.get(path);
    if (page === undefined) send(response, 404, failure('not_found', 'there is nothing at this path'), isHead);
    else if (request.method !== 'GET' && !isHead) {
      response.setHeader('Allow', 'GET, HEAD');
      send(response, 405, failure('unimplemented', 'only GET is answered here'), isHead);
    } else send(response, 200, page, isHead);
  };
}
