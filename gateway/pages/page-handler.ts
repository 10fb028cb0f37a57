/** Serves requests that are no RPC: the pages, and the public keys of user tokens. */
import { errorBody } from '../edge/error-forms.ts';
import { pathOf } from '../edge/rpc-handler.ts';
import type { RequestHandler } from '../port/one-port-server.ts';
import type { Page } from './load-pages.ts';

// A page loads nothing from elsewhere, runs no script but its own files, and cannot be framed.
const commonHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};
const hostPattern = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const jsonType = 'application/json; charset=utf-8';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];
type Answer = { status: number; headers?: Record<string, string>; contentType: string; body: string | Buffer };

/** Answers GET and HEAD of the pages and of `/.well-known/jwks.json`; everything else is 404 or 405. */
export function createPageHandler(options: {
  pages: Map<string, Page>;
  /** The key set as JSON text. */
  fetchJwks: () => Promise<string>;
}): RequestHandler {
  return (request, response) => {
    const path = pathOf(request.url);
    const page = options.pages.get(path);
    if (path !== '/.well-known/jwks.json' && page === undefined) {
      send(request, response, failure(404, 'not_found', 'there is nothing at this path'));
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      const answer = failure(405, 'unimplemented', 'only GET and HEAD are answered here');
      send(request, response, { ...answer, headers: { Allow: 'GET, HEAD' } });
    } else if (page === undefined) {
      options.fetchJwks().then(
        (body) => send(request, response, { status: 200, contentType: jsonType, body }),
        () => send(request, response, failure(503, 'unavailable', 'the keys cannot be read at the moment')),
      );
    } else {
      const { contentType, body, etag } = page.addressText === undefined ? page : atAddress(page, request);
      const isKnown = request.headers['if-none-match'] === etag;
      send(request, response, { contentType, body, status: isKnown ? 304 : 200, headers: { ETag: etag } });
    }
  };
}

/** The page with the address at which the caller reaches the gateway. */
function atAddress(page: Page, { headers }: Request): Page {
  const host = headers.host ?? headers[':authority'];
  if (page.addressText === undefined || typeof host !== 'string' || !hostPattern.test(host)) return page;
  const body = page.body.replaceAll(page.addressText, `http://${host}`);
  return { ...page, body, etag: `"${page.etag.replaceAll('"', '')}-${host}"` };
}

function send(request: Request, response: Response, { status, headers, contentType, body }: Answer): void {
  for (const [name, value] of Object.entries({ ...commonHeaders, ...headers })) response.setHeader(name, value);
  response.setHeader('Content-Type', contentType);
  response.writeHead(status);
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body);
}

function failure(status: number, code: string, message: string): Answer {
  return { status, contentType: jsonType, body: errorBody({ code, message }) };
}
