/** Serves requests that are no RPC: the pages, and the public keys of user tokens. */
import { isSecure } from '../call/call-facts.ts';
import { errorBody } from '../edge/error-forms.ts';
import { pathOf } from '../edge/rpc-handler.ts';
import type { RequestHandler } from '../port/one-port-server.ts';
import { chooseForm, isKnown } from './negotiate.ts';
import { etagOf, type Page } from './page.ts';
import { securityHeadersFor } from './security-headers.ts';

const hostPattern = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const jsonType = 'application/json; charset=utf-8';
const cacheControl = { fixed: 'public, max-age=31536000, immutable', checked: 'no-cache' };

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];
type Answer = { status: number; headers: Record<string, string>; body?: string | Buffer };

/** Answers GET and HEAD of the pages and of `/.well-known/jwks.json`; everything else is 404 or 405. */
export function createPageHandler(options: {
  pages: ReadonlyMap<string, Page>;
  /** The key set as JSON text. */
  fetchJwks: () => Promise<string>;
  /** Whether `x-forwarded-proto` says if the client speaks TLS. */
  trustForwardedFor: boolean;
}): RequestHandler {
  return (request, response) => {
    const send = (answer: Answer) => sendAnswer(request, response, answer, options.trustForwardedFor);
    const path = pathOf(request.url);
    const page = options.pages.get(path);
    if (path !== '/.well-known/jwks.json' && page === undefined) {
      send(failure(404, 'not_found', 'there is nothing at this path'));
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      const { headers, ...answer } = failure(405, 'unimplemented', 'only GET and HEAD are answered here');
      send({ ...answer, headers: { ...headers, Allow: 'GET, HEAD' } });
    } else if (page === undefined) {
      options.fetchJwks().then(
        (body) => send({ status: 200, headers: { 'Content-Type': jsonType }, body }),
        () => send(failure(503, 'unavailable', 'the keys cannot be read at the moment')),
      );
    } else {
      send(answerPage(atAddress(page, request), request));
    }
  };
}

function answerPage(page: Page, { headers }: Request): Answer {
  const form = chooseForm(page, headers['accept-encoding']?.toString());
  const common = {
    ETag: form.etag,
    'Cache-Control': page.isImmutable ? cacheControl.fixed : cacheControl.checked,
    ...(page.encoded !== undefined && { Vary: 'Accept-Encoding' }),
  };
  if (isKnown(headers['if-none-match'], form.etag)) return { status: 304, headers: common };
  const described = { ...common, 'Content-Type': page.contentType };
  const allHeaders = form.coding === undefined ? described : { ...described, 'Content-Encoding': form.coding };
  return { status: 200, headers: allHeaders, body: form.body };
}

/** The page with the address at which the caller reaches the gateway. */
function atAddress(page: Page, { headers }: Request): Page {
  const host = headers.host ?? headers[':authority'];
  if (page.addressText === undefined || typeof host !== 'string' || !hostPattern.test(host)) return page;
  const body = page.body.toString().replaceAll(page.addressText, `http://${host}`);
  return { contentType: page.contentType, body, etag: etagOf(body) };
}

function sendAnswer(request: Request, response: Response, answer: Answer, trustForwardedFor: boolean): void {
  const { status, headers, body } = answer;
  const security = securityHeadersFor({ isSecure: isSecure(request.headers['x-forwarded-proto'], trustForwardedFor) });
  const all = { 'Cache-Control': cacheControl.checked, ...security, ...headers };
  // CORS may have set a Vary of its own.
  const vary = [response.getHeader('Vary'), headers.Vary].filter((value) => value !== undefined);
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
  if (vary.length > 0) response.setHeader('Vary', vary.join(', '));
  if (body !== undefined) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status);
  response.end(request.method === 'HEAD' ? undefined : body);
}

function failure(status: number, code: string, message: string): Answer {
  return { status, headers: { 'Content-Type': jsonType }, body: errorBody({ code, message }) };
}
